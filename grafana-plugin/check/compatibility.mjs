// Compares the part of Grafana's interface that the panel uses in the two versions that are installed: the one it is
// compiled against and Grafana 13. Run: node check/compatibility.mjs. Exits with 1 where something changed.
import {
  createTsProgram,
  getFunctionParametersDiff,
  getIncompatibilitiesBetweenPackages,
  printIncompatibilities,
} from '@grafana/levitate';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = ['@grafana/data', '@grafana/ui'];

/** `import { type A }` for `import { A }` is the same type A: levitate compares the text of the two. */
const withoutTypeModifier = text => text?.replace(/^type\s+/, '');

function isSpelling({ change }) {
  const parameter = change && getFunctionParametersDiff(sides(change));
  const [before, after] = [parameter?.prev, parameter?.current].map(symbol => symbol?.declarations?.[0]?.getText());
  return before !== undefined && withoutTypeModifier(before) === withoutTypeModifier(after);
}

const sides = ({ prev, prevProgram, current, currentProgram }) => ({
  prev: { symbol: prev, program: prevProgram },
  current: { symbol: current, program: currentProgram },
});

// levitate takes a name for a folder where there is one, and downloads it otherwise: here both versions are installed.
process.chdir(`${root}node_modules`);
const program = createTsProgram(`${root}src/module.ts`);
const found = [];
for (const name of packages) {
  const target = `${root}host/grafana-13/node_modules/${name}`;
  found.push(...(await getIncompatibilitiesBetweenPackages(program, name, target, {})));
}
const changed = found.filter(one => !isSpelling(one));
if (changed.length > 0) printIncompatibilities(changed, { markdown: false });
const spelled = found.length - changed.length;
console.log(
  `${changed.length} changes in what the panel uses of ${packages.join(' and ')}, ${spelled} in spelling only`
);
process.exitCode = changed.length > 0 ? 1 : 0;

import './.config/jest-setup';
// After the scaffold's setup, which takes the canvas its context.
import 'jest-canvas-mock';

// i18next advertises through the console; everything else that is printed there is worth reading.
const { info } = console;
console.info = (...words) => (String(words[0]).includes('Locize') ? undefined : info(...words));

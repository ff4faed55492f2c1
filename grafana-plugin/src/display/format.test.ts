import { legible } from './format';

describe('a name', () => {
  it('is shown in the order in which it is written, whatever marks it holds', () => {
    expect(legible('\u202Egnp.exe')).toBe('\ufffdgnp.exe');
    expect(legible('a\u2067b\u0000c')).toBe('a\ufffdb\ufffdc');
  });

  it('keeps letters of every script', () => {
    expect(legible('שלום مرحبا नमस्ते')).toBe('שלום مرحبا नमस्ते');
  });

  it('is cut where it would be a wall of text', () => {
    expect(legible('x'.repeat(5000))).toHaveLength(121);
  });
});

import './.config/jest-setup';
// After the scaffold's setup, which takes the canvas its context.
import 'jest-canvas-mock';

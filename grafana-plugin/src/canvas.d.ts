/** In tests a canvas remembers what was drawn on it. */
import 'jest-canvas-mock';

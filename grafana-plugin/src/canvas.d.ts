/** In tests a canvas records what was drawn on it. */
import 'jest-canvas-mock';

import { flowsScenarios } from '../scenarios/flows';
import { lanesScenarios } from '../scenarios/lanes';
import { stateScenarios } from '../scenarios/states';
import { test } from './fixtures';

lanesScenarios(test);
flowsScenarios(test);
stateScenarios(test);

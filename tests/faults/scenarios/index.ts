/** All scenarios, in the order in which they run. */
import type { Scenario } from '../scenario.ts';
import { manyRooms, oneRoom } from './calm.ts';
import { aroundTheRecoveryWindow, cutAgainAndAgain, longAbsence, wrongClocks } from './connections.ts';
import { hostKilledAtEveryStep, servicesKilled } from './deaths.ts';
import { oneHostStopped, twoHosts } from './instances.ts';
import { comingAndGoing, oneName } from './membership.ts';
import { mix } from './mix.ts';
import { answersLost, tablesFail } from './tables.ts';

export const scenarios: Scenario[] = [
  oneRoom,
  manyRooms,
  cutAgainAndAgain,
  aroundTheRecoveryWindow,
  longAbsence,
  wrongClocks,
  answersLost,
  tablesFail,
  comingAndGoing,
  hostKilledAtEveryStep,
  servicesKilled,
  twoHosts,
  oneHostStopped,
  oneName,
  mix,
];

/** All scenarios, in the order in which they run. */
import type { Scenario } from '../scenario.ts';
import { manyRooms, oneRoom } from './calm.ts';
import {
  aroundTheRecoveryWindow,
  cutAgainAndAgain,
  longAbsence,
  slowReader,
  wrongClocks,
} from './connections.ts';
import { hostKilledAtEveryStep, servicesKilled } from './deaths.ts';
import { fourHosts, oneHostStopped, ownClocks, twoHosts } from './instances.ts';
import { comingAndGoing, oneName } from './membership.ts';
import { mix } from './mix.ts';
import { pubSubRefuses, redelivered } from './services.ts';
import { answersLost, tablesFail, usedIds } from './tables.ts';

export const scenarios: Scenario[] = [
  oneRoom,
  manyRooms,
  cutAgainAndAgain,
  aroundTheRecoveryWindow,
  longAbsence,
  slowReader,
  wrongClocks,
  answersLost,
  usedIds,
  tablesFail,
  comingAndGoing,
  hostKilledAtEveryStep,
  servicesKilled,
  pubSubRefuses,
  redelivered,
  twoHosts,
  ownClocks,
  oneHostStopped,
  oneName,
  mix,
  fourHosts,
];

/** The month's bill of a deployment, from the operations that its use comes to and the list prices. Pure. */
import { included, limits, prices, type Price } from './prices.ts';
import { busyInstances, busySeconds } from './instances.ts';
import { sizes, type Size, type SizeName } from './sizes.ts';
import { checkWorkload, days, volumesOf, type Volumes, type Workload } from './workload.ts';

export interface Options {
  /** API Management (Consumption) in front of the API. */
  apiManagement?: boolean;
  /** False: everything is paid for, as it is for whoever has used up what is included. */
  withIncluded?: boolean;
}

export interface Line {
  service: string;
  what: string;
  /** In units of the price, before anything included is taken off. */
  quantity: number;
  unit: string;
  dollars: number;
}

export interface Bill {
  lines: Line[];
  /** Dollars a month. */
  total: number;
}

const monthSeconds = days * 24 * 3_600;
/** Of the log, for each run of a function: the request's record, and lines about it. An estimate. */
export const logBytesPerRun = 2_000;

/** Why a size cannot do this, in a sentence; undefined where it can. */
export function refusal(name: SizeName, workload: Workload): string | undefined {
  if (sizes[name].webPubSub.unit) {
    if (unitsOf(sizes[name], workload.people) !== undefined) return undefined;
    const most = limits.units.at(-1)! * limits.connectionsPerUnit * limits.plannedShare;
    return `${name} takes at most ${most.toLocaleString('en-GB')} people at once: 100 units, filled to ${limits.plannedShare * 100} %.`;
  }
  if (workload.people > limits.connectionsOfFree) {
    return `${name} takes at most ${limits.connectionsOfFree} connections at once: Web PubSub's Free tier has no more.`;
  }
  const daily = Math.ceil(volumesOf(workload).webPubSubMessages / days);
  if (daily <= included.webPubSubFreeMessages) return undefined;
  return (
    `${name} takes at most ${included.webPubSubFreeMessages.toLocaleString('en-GB')} Web PubSub messages a day, events included; ` +
    `this would be ${daily.toLocaleString('en-GB')}, and what is above is not delivered.`
  );
}

/** Throws `RangeError`, with the sentence, for a workload that is none or that the size cannot take. */
export function bill(name: SizeName, workload: Workload, options: Options = {}): Bill {
  checkWorkload(workload);
  const refused = refusal(name, workload);
  if (refused !== undefined) throw new RangeError(refused);
  return charge(sizes[name], workload, options);
}

/**
 * What the next million messages, kept for `months`, cost a deployment that has used up what is included and whose
 * units stay as they are. Throws `RangeError` for `free`, which never has a million in a month.
 */
export function perMillion(name: SizeName, workload: Workload, options: Options = {}): Line[] {
  if (!sizes[name].webPubSub.unit) throw new RangeError(`${name} has no million messages in a month.`);
  checkWorkload(workload);
  const million = { ...workload, messages: 1_000_000 };
  const without = { ...workload, messages: 0 };
  const paid = { ...options, withIncluded: false };
  const before = charge(sizes[name], without, paid).lines;
  return charge(sizes[name], million, paid)
    .lines.map((line, index) => ({
      ...line,
      quantity: line.quantity - before[index]!.quantity,
      dollars: line.dollars - before[index]!.dollars,
    }))
    .filter(({ quantity }) => quantity > 0);
}

function charge(
  size: Size,
  workload: Workload,
  { apiManagement = false, withIncluded = true }: Options,
): Bill {
  const volumes = volumesOf(workload);
  const free = (amount: number): number => (withIncluded ? amount : 0);
  const units = unitsOf(size, workload.people) ?? limits.units.at(-1)!;
  const runs = volumes.httpRuns + volumes.routeRuns + volumes.timerRuns;
  const lines = [
    ...webPubSub(size, units, volumes, free),
    line(['Service Bus', 'base'], prices.serviceBusBase, 1),
    line(
      ['Service Bus', 'operations'],
      prices.serviceBusOperations,
      volumes.busSent + volumes.busReceived,
      free(included.serviceBusOperations),
    ),
    ...functions(size, workload, volumes, free),
    line(['Tables', 'transactions'], prices.tableRequests, volumes.tableRequests),
    line(['Tables', 'messages kept'], prices.tableStorage, volumes.storedBytes / 1e9),
    line(['Log Analytics', 'logs'], prices.logs, (runs * logBytesPerRun) / 1e9, free(included.logGigabytes)),
    ...(size.page ? [line(['Static Web App', 'plan'], size.page, 1)] : []),
    // Events come straight from Web PubSub, not through it.
    ...(apiManagement
      ? [line(['API Management', 'calls'], prices.apiManagement, volumes.httpRuns - volumes.events)]
      : []),
  ];
  return { lines, total: lines.reduce((sum, { dollars }) => sum + dollars, 0) };
}

type Free = (amount: number) => number;

function webPubSub(size: Size, units: number, volumes: Volumes, free: Free): Line[] {
  const messages = volumes.webPubSubMessages;
  if (!size.webPubSub.unit) {
    // Nothing is to be paid: what is too much is not delivered.
    return [line(['Web PubSub', 'messages'], prices.webPubSubMessages, messages, messages)];
  }
  return [
    line(['Web PubSub', 'units'], size.webPubSub.unit, units * days),
    line(
      ['Web PubSub', 'messages'],
      prices.webPubSubMessages,
      messages,
      free(units * days * included.webPubSubMessages),
    ),
  ];
}

/** Units for so many connections; undefined where no resource has as many. Free has one. */
function unitsOf(size: Size, people: number): number | undefined {
  if (!size.webPubSub.unit) return 1;
  return limits.units.find((units) => people <= units * limits.connectionsPerUnit * limits.plannedShare);
}

/** HTTP functions share instances; the router and each timer have their own. */
function functions(size: Size, { hours }: Workload, volumes: Volumes, free: Free): Line[] {
  const { instanceGb, ready } = size;
  const groups = [
    { ready: ready.http, moments: volumes.httpMoments, runs: volumes.httpRuns },
    { ready: ready.route, moments: volumes.routeMoments, runs: volumes.routeRuns },
  ].map((group) => {
    const open = hours * 3_600 * days;
    const instances = busyInstances(group.runs / open, instanceGb);
    const seconds = busySeconds(group.moments, open) * instances;
    return { ...group, seconds, onReady: Math.min(1, group.ready / instances) };
  });
  const sum = (value: (group: (typeof groups)[number]) => number): number =>
    groups.reduce((total, group) => total + value(group), 0);
  const runsOnDemand = volumes.timerRuns + sum(({ runs, onReady }) => runs * (1 - onReady));
  const onDemand = volumes.timerRuns + sum(({ seconds, onReady }) => seconds * (1 - onReady));
  const atReady = sum(({ seconds, onReady }) => seconds * onReady);
  const runsAtReady = sum(({ runs, onReady }) => runs * onReady);
  const readySeconds = (ready.http + ready.route) * monthSeconds;
  return [
    line(['Functions', 'kept ready'], prices.readyBaseline, readySeconds * instanceGb),
    line(['Functions', 'at work, ready'], prices.readyTime, atReady * instanceGb),
    line(
      ['Functions', 'at work, on demand'],
      prices.functionTime,
      onDemand * instanceGb,
      free(included.functionGbSeconds),
    ),
    line(['Functions', 'runs, ready'], prices.functionRuns, runsAtReady),
    line(['Functions', 'runs, on demand'], prices.functionRuns, runsOnDemand, free(included.functionRuns)),
  ];
}

/** `included`: how much of the quantity comes without charge. */
function line([service, what]: [string, string], price: Price, quantity: number, included = 0): Line {
  const dollars = (Math.max(0, quantity - included) / price.per) * price.dollars;
  return { service, what, quantity: quantity / price.per, unit: price.unit, dollars };
}

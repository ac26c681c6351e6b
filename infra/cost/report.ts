/** The model's answers as tables in Markdown, for the terminal and for docs/cost.md. */
import { digits, toMarkdown, type Table } from '../../bench/table.ts';
import { measured } from './measured.ts';
import { bill, perMillion, refusal, type Line, type Options } from './model.ts';
import { operationNames } from './operations.ts';
import { collected, limits, prices, region, type Price } from './prices.ts';
import { sizeNames, sizes, type SizeName } from './sizes.ts';
import { usual, type Workload } from './workload.ts';

const dollars = (value: number): string => value.toFixed(2);
const sum = (lines: Line[]): number => lines.reduce((total, line) => total + line.dollars, 0);

/** A month's bill, line by line; or the sentence that says why there is none. */
export function billTable(name: SizeName, workload: Workload, options: Options = {}): string {
  const refused = refusal(name, workload);
  if (refused !== undefined) return `### ${name}\n\n${refused}\n`;
  const { lines, total } = bill(name, workload, options);
  const rows = lines
    .filter(({ quantity }) => quantity > 0)
    .map(({ service, what, quantity, unit, dollars: cost }) => [
      service,
      what,
      digits(quantity),
      unit,
      dollars(cost),
    ]);
  return toMarkdown({
    title: `${name}: $${dollars(total)} a month`,
    head: ['service', 'what', 'quantity', 'unit', '$ a month'],
    rows,
  });
}

const nobody: Workload = { ...usual, people: 0, messages: 0, audience: 0 };

const sizeTable = (): Table => ({
  title: 'the sizes',
  head: ['size', 'Web PubSub', 'always ready', 'memory of an instance', 'page', 'people connected at most'],
  rows: sizeNames.map((name) => {
    const { webPubSub, ready, instanceGb, page } = sizes[name];
    const most = webPubSub.unit
      ? limits.units.at(-1)! * limits.connectionsPerUnit * limits.plannedShare
      : limits.connectionsOfFree;
    return [
      name,
      webPubSub.sku,
      ready.http + ready.route === 0 ? 'nothing' : `${ready.http} HTTP, ${ready.route} router`,
      `${instanceGb * 1_024} MB`,
      page ? 'Standard' : 'Free',
      most.toLocaleString('en-GB'),
    ];
  }),
});

const idleTable = (): Table => ({
  title: 'idle: $ a month that nobody uses it',
  head: ['size', 'Web PubSub', 'Service Bus', 'Functions', 'the rest', 'sum'],
  rows: sizeNames.map((name) => {
    const { lines, total } = bill(name, nobody);
    const of = (service: string): number => sum(lines.filter((line) => line.service === service));
    const named = [of('Web PubSub'), of('Service Bus'), of('Functions')];
    const rest = total - named.reduce((all, part) => all + part, 0);
    return [name, ...[...named, rest, total].map(dollars)];
  }),
});

/** Free is left out: it never has a million messages in a month. */
const paidSizes = sizeNames.filter((name) => sizes[name].webPubSub.unit);

const millionTable = (title: string, change: Partial<Workload>): Table => ({
  title: `${title}: $ per million messages`,
  head: ['size', 'connected in the room', 'Web PubSub', 'Service Bus', 'Functions', 'Tables', 'logs', 'sum'],
  rows: paidSizes.flatMap((name) =>
    [10, 50, 100].map((audience) => {
      const lines = perMillion(name, { ...usual, people: 100, audience, ...change });
      const of = (service: string): number => sum(lines.filter((line) => line.service === service));
      const parts = [of('Web PubSub'), of('Service Bus'), of('Functions'), of('Tables'), of('Log Analytics')];
      return [name, String(audience), ...[...parts, sum(lines)].map(dollars)];
    }),
  ),
});

const examples: Record<string, Workload> = {
  'a team of 20, in several rooms': { ...usual, people: 20, audience: 10, messages: 20_000 },
  'a team of 20 in one room': { ...usual, people: 20, audience: 20, messages: 60_000 },
  'a community of 1,000': { ...usual, people: 300, audience: 30, messages: 300_000 },
  'a community of 10,000': {
    ...usual,
    people: 3_000,
    audience: 60,
    watching: 0.2,
    messages: 3_000_000,
    hours: 16,
    batch: 2,
  },
};

const exampleTable = (): Table => ({
  title: 'examples: $ a month',
  head: ['', 'connected', 'in the room', 'messages', ...sizeNames],
  rows: Object.entries(examples).map(([title, workload]) => [
    title,
    ...[workload.people, workload.audience, workload.messages].map((value) => value.toLocaleString('en-GB')),
    ...sizeNames.map((name) => (refusal(name, workload) ? 'refused' : dollars(bill(name, workload).total))),
  ]),
});

const operationTable = (): Table => ({
  title: 'operations of each thing, as counted',
  head: ['', ...operationNames.map((name) => words[name])],
  rows: (
    [
      ['a message alone', measured.idle],
      [`one of a burst, ${digits(measured.burstBatch)} together`, measured.burst],
      ['a page says how far was read', measured.read],
      ['a page opens and closes', measured.visit],
      ['the timer `sweep`', measured.sweep],
      ['the timer `prune`', measured.prune],
    ] as const
  ).map(([title, counts]) => [title, ...operationNames.map((name) => counts[name])]),
});

const words = {
  busSent: 'Service Bus sent',
  busReceived: 'received',
  tableRequests: 'table requests',
  tableEntities: 'rows',
  frames: 'frames to one connection',
  events: 'events',
  httpRuns: 'HTTP runs',
  routeRuns: 'router runs',
} satisfies Record<(typeof operationNames)[number], string>;

const priceTable = (): Table => ({
  title: `list prices of ${collected}, ${region}`,
  head: ['', '$', 'for a', 'from', ''],
  rows: Object.entries(prices).map(([name, price]: [string, Price]) => [
    name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
    String(price.dollars),
    price.unit,
    price.source,
    price.unverified ? 'unverified' : '',
  ]),
});

/** What docs/cost.md shows, by the name of its place there. */
export function documentTables(): Record<string, string> {
  const tables = {
    sizes: sizeTable(),
    operations: operationTable(),
    idle: idleTable(),
    alone: millionTable('messages that come alone', {}),
    burst: millionTable('messages of bursts, 25 together', { batch: 25 }),
    examples: exampleTable(),
    prices: priceTable(),
  };
  return Object.fromEntries(Object.entries(tables).map(([name, table]) => [name, toMarkdown(table)]));
}

/** The model of the bill: what must hold for every use, and a bill worked out by hand. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { busyInstances, busySeconds } from '../../infra/cost/instances.ts';
import { measured } from '../../infra/cost/measured.ts';
import { bill, perMillion, refusal } from '../../infra/cost/model.ts';
import { limits, prices } from '../../infra/cost/prices.ts';
import { sizeNames, type SizeName } from '../../infra/cost/sizes.ts';
import { perMessage, usual, volumesOf, type Workload } from '../../infra/cost/workload.ts';
import { runs } from '../support/draws.ts';

const workload: fc.Arbitrary<Workload> = fc.record({
  people: fc.nat(80_000),
  messages: fc.nat(50_000_000),
  audience: fc.nat(2_000),
  watching: fc.double({ min: 0, max: 1, noNaN: true }),
  bytes: fc.nat(16_000),
  batch: fc.integer({ min: 1, max: 49 }),
  hours: fc.integer({ min: 1, max: 24 }),
  visits: fc.nat(50),
  months: fc.nat(60),
});
const size = fc.constantFrom(...sizeNames);
const options = fc.record({ apiManagement: fc.boolean(), withIncluded: fc.boolean() });

/** Infinite where the size refuses: more is never cheaper than a refusal. */
const total = (name: SizeName, use: Workload, rest = {}): number =>
  refusal(name, use) === undefined ? bill(name, use, rest).total : Infinity;

describe('the bill', () => {
  it('has nothing negative, and lines that add up', () => {
    fc.assert(
      fc.property(size, workload, options, (name, use, rest) => {
        fc.pre(refusal(name, use) === undefined);
        const { lines, total: sum } = bill(name, use, rest);
        for (const { dollars, quantity } of lines) {
          expect(dollars).toBeGreaterThanOrEqual(0);
          expect(quantity).toBeGreaterThanOrEqual(0);
        }
        expect(sum).toBeCloseTo(
          lines.reduce((all, { dollars }) => all + dollars, 0),
          6,
        );
      }),
      runs(300),
    );
  });

  for (const more of ['messages', 'people', 'audience', 'watching', 'bytes', 'visits', 'months'] as const) {
    it(`never falls with more ${more}`, () => {
      fc.assert(
        fc.property(size, workload, workload, options, (name, use, other, rest) => {
          const [less, most] = [use[more], other[more]].toSorted((left, right) => left - right);
          const before = total(name, { ...use, [more]: less }, rest);
          const after = total(name, { ...use, [more]: most }, rest);
          expect(after).toBeGreaterThanOrEqual(before * (1 - 1e-9));
        }),
        runs(300),
      );
    });
  }

  it('is never more with what is included than without, nor less with API Management', () => {
    fc.assert(
      fc.property(size, workload, (name, use) => {
        fc.pre(refusal(name, use) === undefined);
        const { total: sum } = bill(name, use);
        expect(sum).toBeLessThanOrEqual(bill(name, use, { withIncluded: false }).total);
        expect(sum).toBeLessThanOrEqual(bill(name, use, { apiManagement: true }).total);
      }),
      runs(200),
    );
  });

  it('charges the deliveries and Service Bus operations that a pencil finds', () => {
    const use = { ...usual, people: 100, audience: 10, watching: 0, visits: 0, bytes: 200 };
    const of = (service: string, what: string): number =>
      perMillion('standard', use).find((line) => line.service === service && line.what === what)!.dollars;
    expect(of('Web PubSub', 'messages')).toBeCloseTo(10 * prices.webPubSubMessages.dollars);
    expect(of('Service Bus', 'operations')).toBeCloseTo(2 * prices.serviceBusOperations.dollars);
  });

  it('takes a frame above 2 KB as two messages', () => {
    const use = { ...usual, people: 100, audience: 10, watching: 0, visits: 0 };
    const most = limits.messageBytes - measured.envelope;
    const messages = (bytes: number): number => volumesOf({ ...use, bytes }).webPubSubMessages;
    expect(messages(most + 1)).toBe(2 * messages(most));
  });
});

describe('function instances', () => {
  it('are at work the longer the more there is to do, never less than one, and one never longer than there is time', () => {
    const open = 3_600;
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (left, right) => {
        const [less, more] = [Math.min(left, right), Math.max(left, right)];
        expect(busySeconds(more, open)).toBeGreaterThanOrEqual(busySeconds(less, open));
        expect(busySeconds(more, open)).toBeLessThanOrEqual(Math.min(more, open) + 1e-6);
        expect(busyInstances(more, 0.5)).toBeGreaterThanOrEqual(busyInstances(less, 0.5));
        expect(busyInstances(less, 0.5)).toBeGreaterThanOrEqual(busyInstances(less, 2));
        expect(busyInstances(less, 2)).toBeGreaterThanOrEqual(1);
      }),
      runs(200),
    );
  });
});

describe('what a message costs in a batch', () => {
  it('is what was measured, alone and in the burst', () => {
    expect(perMessage(1)).toEqual(measured.idle);
    const { tableRequests, tableEntities } = perMessage(measured.burstBatch);
    expect(tableRequests).toBeCloseTo(measured.burst.tableRequests);
    expect(tableEntities).toBeCloseTo(measured.burst.tableEntities);
  });
});

describe('free', () => {
  const small = { ...usual, people: 10, audience: 5, messages: 3_000 };

  it('takes what its limits allow', () => {
    expect(refusal('free', { ...small, people: limits.connectionsOfFree })).toBeUndefined();
  });

  it('refuses a connection too many with a sentence', () => {
    const use = { ...small, people: limits.connectionsOfFree + 1 };
    expect(refusal('free', use)).toMatch(/^free takes at most 20 connections at once.*\.$/);
    expect(() => bill('free', use)).toThrow(RangeError);
  });

  it('refuses more deliveries a day than Web PubSub makes, events included', () => {
    const sentence = /^free takes at most 20,000 Web PubSub messages a day, events included; .*\.$/;
    // 4,000 messages a day to five people are just not too much; with the events of visits they are.
    const use = { ...small, messages: 4_000 * 30, visits: 0 };
    expect(refusal('free', use)).toBeUndefined();
    expect(refusal('free', { ...use, visits: 1 })).toMatch(sentence);
    expect(() => perMillion('free', small)).toThrow(RangeError);
  });
});

it('the other sizes refuse more people than a resource has units for', () => {
  expect(refusal('standard', { ...usual, people: 80_000 })).toBeUndefined();
  expect(refusal('scale', { ...usual, people: 80_001 })).toMatch(
    /^scale takes at most 80,000 people at once/,
  );
});

it('numbers that are no workload are refused with a sentence', () => {
  for (const change of [
    { people: -1 },
    { messages: Number.NaN },
    { batch: 50 },
    { hours: 0 },
    { watching: 2 },
  ]) {
    expect(() => bill('standard', { ...usual, ...change })).toThrow(RangeError);
  }
});

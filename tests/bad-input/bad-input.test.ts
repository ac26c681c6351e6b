/**
 * [BAD] Whatever comes in, over REST, the webhook or an open connection: a problem answer with a code of the contract,
 * never a failure of ours, nothing hangs, and nothing has changed. HUBBUB_TORTURE_RUNS multiplies the about 600 inputs:
 *
 *     HUBBUB_TORTURE_RUNS=170 vitest run tests/bad-input      about 100,000
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { problem as problemSchema, problems } from '../../contract/problems.ts';
import { runs, times } from '../support/draws.ts';
import { until } from '../support/until.ts';
import { changed, text } from './near-valid.ts';
import { wrongRequests } from './requests.ts';
import { nowhere, Scene, type Answer, type Sent } from './scene.ts';

const patience = 120_000 * times;
/** Inputs at once. */
const batch = { minLength: 20, maxLength: 20 };

let scene: Scene;
let before: unknown;
beforeAll(async () => {
  scene = await Scene.open();
  before = await scene.look();
});
afterAll(() => scene.stop());

function expectProblem(body: unknown, sent: unknown): string {
  const read = problemSchema.safeParse(body);
  expect(read.success, `${JSON.stringify(sent)} was answered ${JSON.stringify(body)}`).toBe(true);
  const { code = '', status = 0 } = read.data ?? {};
  expect(Object.keys(problems)).toContain(code);
  expect(status, `${JSON.stringify(sent)} failed: ${JSON.stringify(body)}`).toBeLessThan(500);
  return code;
}

/** The code of the refusal; undefined where something was answered that anybody may ask for. */
function judge(sent: Sent, { status, type, body }: Answer): string | undefined {
  expect(status, `${JSON.stringify(sent)} was answered ${JSON.stringify(body)}`).toBeLessThan(500);
  if (status < 300) {
    const { type: kind, problem } = (body || {}) as { type?: string; problem?: unknown };
    if (kind === 'error') return expectProblem(problem, sent);
    // What is not there can be taken away.
    const isHarmless = sent.method === 'GET' || (sent.method === 'DELETE' && status === 204);
    expect(isHarmless || sent.path.startsWith('/webpubsub/'), JSON.stringify(sent)).toBe(true);
    return undefined;
  }
  expect(type, JSON.stringify({ sent, status, body })).toContain('application/problem+json');
  expect((body as { status: number }).status).toBe(status);
  return expectProblem(body, sent);
}

describe('[BAD] bad input', () => {
  it(
    'over REST and the webhook is refused with a problem, and changes nothing',
    async () => {
      const codes = new Set<string | undefined>();
      await fc.assert(
        fc.asyncProperty(fc.array(wrongRequests(scene), batch), async (requests) => {
          const answers = await Promise.all(requests.map((sent) => scene.send(sent)));
          for (const [index, sent] of requests.entries()) codes.add(judge(sent, answers[index]!));
          expect(await scene.look()).toEqual(before);
        }),
        runs(20),
      );
      // Or most of the inputs ended at one door.
      const expected = [
        'invalid',
        'unauthenticated',
        'not_member',
        'not_owner',
        'room_not_found',
        'webhook_refused',
      ];
      expect([...codes]).toEqual(expect.arrayContaining(expected));
    },
    patience,
  );

  it(
    'over a plain WebSocket is answered with a refusal each, and the connection stays open',
    async () => {
      const socket = new WebSocket(await scene.address());
      const frames: { type: string; problem: unknown }[] = [];
      socket.on('message', (data: Buffer) =>
        frames.push(JSON.parse(data.toString()) as (typeof frames)[number]),
      );
      await new Promise((done, fail) => socket.once('open', done).once('error', fail));
      const action = fc
        .constantFrom('join', 'leave')
        .chain((name) => changed({ action: name, room_id: nowhere }));
      const input = fc.oneof(
        text.map((any) => any.toWellFormed()),
        action.map((wrong) => JSON.stringify(wrong)),
        changed({ action: 'list_rooms', limit: 0, cursor: '*' }).map((wrong) => JSON.stringify(wrong)),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(input, batch), async (inputs) => {
          const seen = frames.length;
          for (const sent of inputs) socket.send(sent);
          await until(() => frames.length === seen + inputs.length, {
            what: () => `an answer to each of ${JSON.stringify(inputs)}, beside ${frames.length - seen}`,
            timeout: 60_000,
          });
          for (const { type, problem } of frames.slice(seen)) {
            // What is left out of a request may have been what was wrong with it.
            if (type !== 'rooms_list' && type !== 'room_left') expectProblem(problem, inputs);
          }
          expect(socket.readyState).toBe(WebSocket.OPEN);
          expect(await scene.look()).toEqual(before);
        }),
        runs(6),
      );
      socket.close();
    },
    patience,
  );

  it(
    'in frames of the subprotocol ends a connection at worst: the next one finds everything as it was',
    async () => {
      const event = changed({
        type: 'event',
        event: 'join',
        dataType: 'json',
        data: { room_id: nowhere },
        ackId: 1,
      });
      const group = changed({
        type: 'sendToGroup',
        group: `room-${scene.roomId}`,
        dataType: 'json',
        data: {},
        ackId: 2,
      });
      const frame = fc.oneof(
        event,
        group,
        changed({ type: 'joinGroup', group: `room-${scene.roomId}`, ackId: 3 }),
      );
      const input = fc.oneof(
        frame.map((wrong) => JSON.stringify(wrong)),
        text,
        fc.uint8Array({ maxLength: 50 }),
      );
      const subprotocol = fc.constantFrom('json.webpubsub.azure.v1', 'json.reliable.webpubsub.azure.v1');
      await fc.assert(
        fc.asyncProperty(subprotocol, fc.array(input, batch), async (protocol, inputs) => {
          const socket = new WebSocket(await scene.address(), protocol);
          socket.on('error', () => {});
          await new Promise((done) => socket.once('open', done));
          const ended = new Promise((done) => socket.once('close', done));
          for (const sent of inputs) socket.send(sent);
          socket.close();
          await ended;
          expect(await scene.look()).toEqual(before);
        }),
        runs(5),
      );
    },
    patience,
  );
});

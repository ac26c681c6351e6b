/** Which operations faults strike, and what `/faults` takes. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { faultSchema } from '../../../local/fault-injection/fault.ts';
import { Faults } from '../../../local/fault-injection/faults.ts';
import { serveFaults } from '../../../local/fault-injection/http.ts';

function faultsOf(...described: object[]): Faults {
  const faults = new Faults();
  faults.set(described.map((fault) => faultSchema.parse(fault)));
  return faults;
}

describe('a fault', () => {
  it('strikes what it names, with a star for anything, and nothing else', async () => {
    const faults = faultsOf({ on: 'send backend-*', action: 'drop' });
    expect(await faults.meet('send backend-messages')).toEqual({ kind: 'drop' });
    expect(await faults.meet('send other')).toEqual({ kind: 'pass' });
    expect(await faults.meet('send backend-messages', 'after')).toEqual({ kind: 'pass' });
  });

  it('lets some through first, strikes so often, and is spent', async () => {
    const faults = faultsOf({ on: '*', action: 'disconnect', skip: 1, times: 2 });
    const kinds = [];
    for (let each = 0; each < 4; each += 1) kinds.push((await faults.meet('anything')).kind);
    expect(kinds).toEqual(['pass', 'disconnect', 'disconnect', 'pass']);
    expect(faults.list()).toMatchObject([{ matched: 4, struck: 2 }]);
  });

  it('leaves what it lets through to the next', async () => {
    const faults = faultsOf({ on: '*', action: 'drop', skip: 1 }, { on: '*', action: 'error', error: 429 });
    expect(await faults.meet('first')).toMatchObject({ kind: 'error', error: 429 });
    expect(await faults.meet('second')).toEqual({ kind: 'drop' });
  });

  it('holds until the faults change', async () => {
    const faults = faultsOf({ on: '*', action: 'hold' });
    const held = faults.meet('anything');
    expect(faults.list()).toMatchObject([{ struck: 1 }]);
    faults.set([]);
    expect(await held).toEqual({ kind: 'pass' });
  });
});

describe('/faults', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serve(faults: Faults): Promise<string> {
    server = createServer((request, response) => void serveFaults(faults, request, response));
    await new Promise<void>((done) => server!.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/faults`;
  }

  it('sets, shows and ends them', async () => {
    const faults = new Faults();
    const address = await serve(faults);
    const put = (body: unknown) => fetch(address, { method: 'PUT', body: JSON.stringify(body) });
    expect((await put({ faults: [{ on: 'send *', action: 'error' }] })).status).toBe(200);
    await faults.meet('send x');
    expect(await (await fetch(address)).json()).toMatchObject({ faults: [{ on: 'send *', struck: 1 }] });
    expect(await (await fetch(address, { method: 'DELETE' })).json()).toEqual({ faults: [] });
  });

  it('refuses what is no fault, and leaves the others in force', async () => {
    const faults = faultsOf({ on: '*', action: 'drop' });
    const address = await serve(faults);
    for (const body of ['{', '{"faults": [{"on": "*", "action": "explode"}]}', '[]']) {
      expect((await fetch(address, { method: 'PUT', body })).status).toBe(400);
    }
    expect((await fetch(address, { method: 'POST' })).status).toBe(405);
    expect(faults.list()).toHaveLength(1);
  });
});

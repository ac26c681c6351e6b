/** The HTTP suite on our host, and what only our host can be asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpSuite } from '../../suites/functions-host/http.ts';
import { until } from '../../support/until.ts';
import { appFolder, startHost, type RunningHost } from './running-host.ts';

let host: RunningHost;
beforeAll(async () => {
  host = await startHost(appFolder('web'), { env: { FROM_OUTSIDE: 'yes' } });
});
afterAll(() => host.stop());

httpSuite(() => host.url);

describe('the console', () => {
  it('lists the functions with their addresses, as func start does', () => {
    expect(host.output()).toContain(`\troomById: [GET] http://localhost:${host.port}/api/rooms/{id}\n`);
    expect(host.output()).toContain(`\tthrows: [GET,POST] http://localhost:${host.port}/api/throws\n`);
  });

  it('shows each invocation with its id, and what the function logs between', async () => {
    const id = await (await fetch(`${host.url}/api/logs`)).text();
    const end = new RegExp(`Executed 'Functions\\.logs' \\(Succeeded, Id=${id}, Duration=\\d+ms\\)`);
    await until(() => end.test(host.output()) && host.output().includes('a line on the console'));
    const start = `Executing 'Functions.logs' (Reason='This function was programmatically called via the host APIs.', Id=${id})`;
    const [, during = ''] = host.output().split(start);
    expect(during.split(end)[0]).toContain('a line of information');
    expect(during.split(end)[0]).toContain('a line of error');
    expect(host.output()).not.toContain('a line of detail');
  });

  it('shows why a function failed', async () => {
    await fetch(`${host.url}/api/throws`);
    await until(() =>
      /Executed 'Functions\.throws' \(Failed, Id=.*\n.*Exception: This is on purpose/s.test(host.output()),
    );
  });
});

it('gives the app the environment that it was started in, and the address where it listens', async () => {
  const read = async (name: string): Promise<string> =>
    (await fetch(`${host.url}/api/environment?name=${name}`)).text();
  expect(await read('FROM_OUTSIDE')).toBe('yes');
  expect(await read('WEBSITE_HOSTNAME')).toBe(`localhost:${host.port}`);
});

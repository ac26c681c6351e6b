/** The TLS listener: the SDKs by `https` and `wss` without an option for it, a credential of Microsoft Entra among them. */
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as openTls, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient } from '@azure/web-pubsub-client';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificate, readOrMakeCertificate } from '../../../local/tls/certificate.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/until.ts';
import { runMain, startSecureService } from './running-service.ts';
import { clientUrl, json, Socket } from './socket.ts';

let service: Awaited<ReturnType<typeof startSecureService>>;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'web-pubsub-tls-'));
  const certificate = await makeCertificate();
  // What NODE_EXTRA_CA_CERTS does for a program that is started with it.
  setDefaultCACertificates([...getCACertificates('default'), certificate.cert]);
  service = await startSecureService({ AllowUnvalidatedEntraTokens: true }, certificate);
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

/** As `DefaultAzureCredential`, which asks for a scope and gets a token for the service behind it. */
const credential = {
  getToken: async (scopes: string | string[]) => {
    const audience = [scopes].flat()[0]!.replace('/.default', '');
    return {
      token: new UnsecuredJWT().setAudience(audience).setExpirationTime('1h').encode(),
      expiresOnTimestamp: Date.now() + 3_600_000,
    };
  },
};

describe.each([
  ['an access key', () => new WebPubSubServiceClient(service.connectionString, 'chat')],
  [
    'a Microsoft Entra credential',
    () => new WebPubSubServiceClient(`https://${service.host}`, credential, 'chat'),
  ],
])('a server with %s', (_who, makeClient) => {
  it('calls REST, and gives out tokens with which clients connect by wss', async () => {
    const rest = makeClient();
    const { url } = await rest.getClientAccessToken({ userId: 'ann', groups: ['g'] });
    expect(url).toMatch(/^wss:/);
    const client = new WebPubSubClient(url);
    const received: unknown[] = [];
    client.on('group-message', ({ message }) => received.push(message.data));
    await client.start();
    try {
      await rest.group('g').sendToAll({ over: 'TLS' });
      await until(() => received.length > 0);
      expect(received).toEqual([{ over: 'TLS' }]);
    } finally {
      client.stop();
    }
  });

  it('follows the links of a list to the end', async () => {
    const rest = makeClient();
    const sockets: Socket[] = [];
    for (let count = 0; count < 3; count += 1) {
      const url = (await rest.getClientAccessToken({ groups: ['listed'] })).url;
      sockets.push(new Socket(url, [json]));
    }
    await Promise.all(sockets.map((socket) => socket.next()));
    const listed: string[] = [];
    for await (const { connectionId } of await rest.group('listed').listConnections({ maxPageSize: 1 })) {
      listed.push(connectionId);
    }
    expect(new Set(listed).size).toBe(3);
    for (const socket of sockets) socket.ws.close();
    await Promise.all(sockets.map(({ closed }) => closed));
  });
});

it('serves the same hubs as the plain listener', async () => {
  const rest = new WebPubSubServiceClient(service.connectionString, 'chat');
  const plain = new Socket(await clientUrl(service.plainHost, { groups: ['both'] }), [json]);
  await plain.next();
  await rest.group('both').sendToAll('seen by both');
  expect(await plain.next()).toMatchObject({ data: 'seen by both' });
  plain.ws.close();
});

it('closes clients with 1001 when it stops, and answers nobody who does not speak TLS', async () => {
  const certificate = await makeCertificate();
  const stopped = await startSecureService({}, certificate);
  const url = (await clientUrl(stopped.host)).replace('ws:', 'wss:');
  const socket = new Socket(url, [json], { ca: certificate.cert });
  await socket.next();
  await expect(fetch(`http://${stopped.host}/api/health`)).rejects.toThrow();
  await stopped.stop();
  expect((await socket.closed).code).toBe(1001);
});

describe('the program', () => {
  it('makes a certificate for localhost that lasts over its restarts', async () => {
    const files = ['--certificate', join(folder, 'made/cert.pem'), '--key', join(folder, 'made/key.pem')];
    const certificates: string[] = [];
    for (let start = 0; start < 2; start += 1) {
      const [port, tlsPort] = [await freePort(), await freePort()];
      const { child, output, exited } = runMain({}, port, '--tls-port', String(tlsPort), ...files);
      await until(() =>
        output().includes(`ready on http://localhost:${port} and https://localhost:${tlsPort}`),
      );
      const ca = readFileSync(files[1]!);
      const socket = openTls({ port: tlsPort, host: 'localhost', servername: 'localhost', ca });
      await new Promise<void>((done, fail) => socket.once('secureConnect', done).once('error', fail));
      certificates.push(socket.getPeerX509Certificate()!.fingerprint256);
      socket.destroy();
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
    }
    expect(certificates[1]).toBe(certificates[0]);
    expect(statSync(files[3]!).mode & 0o077).toBe(0);
  });

  it.each([
    [['--tls-port', '0'], 'TLS needs all three'],
    [['--tls-port', 'x', '--certificate', 'c', '--key', 'k'], '--tls-port x is not a port'],
  ])('says what is wrong with %s', async (options, complaint) => {
    const { output, exited } = runMain({}, 0, ...options);
    expect(await exited).toBe(1);
    expect(output()).toMatch(complaint);
  });
});

describe('the files of a certificate', () => {
  it('are read where both are there', async () => {
    const files = { cert: join(folder, 'given.pem'), key: join(folder, 'given.key') };
    const given = await makeCertificate();
    writeFileSync(files.cert, given.cert);
    writeFileSync(files.key, given.key);
    expect(await readOrMakeCertificate(files)).toEqual(given);
    expect(new X509Certificate(given.cert).subjectAltName).toMatch('DNS:localhost, IP Address:127.0.0.1');
  });

  it('are refused where one is missing, and nothing is overwritten', async () => {
    const files = { cert: join(folder, 'alone.pem'), key: join(folder, 'absent.key') };
    writeFileSync(files.cert, 'mine');
    await expect(readOrMakeCertificate(files)).rejects.toThrow(`${files.cert} without ${files.key}`);
    expect([readFileSync(files.cert, 'utf8'), existsSync(files.key)]).toEqual(['mine', false]);
  });
});

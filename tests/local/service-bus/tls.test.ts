/** The TLS port, by the SDK as it speaks to Azure: no flag of an emulator, a credential of Microsoft Entra or a key. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ServiceBusClient } from '@azure/service-bus';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOrMakeCertificate } from '../../../local/tls/certificate.ts';
import { receiveOne } from '../../suites/service-bus/entity.ts';
import { emulatorConfig, NamespaceProcess } from './namespace-process.ts';
import { next, RawClient } from './raw-client.ts';

let bus: NamespaceProcess;
beforeAll(async () => {
  bus = await NamespaceProcess.start(emulatorConfig({ Queues: [{ Name: 'q' }, { Name: 'raw' }] }));
  // What NODE_EXTRA_CA_CERTS does for a program that is started with it.
  setDefaultCACertificates([...getCACertificates('default'), bus.certificate]);
});
afterAll(() => bus.remove());

const namespace = () => `localhost:${bus.tlsPort}`;
const once = { retryOptions: { maxRetries: 0 } };

/** A token as Microsoft Entra makes it out for a scope, without a signature. */
const tokenFor = (audience: string, expires = '1h') =>
  new UnsecuredJWT().setAudience(audience).setExpirationTime(expires).encode();

/** As `DefaultAzureCredential`, which asks for a scope and gets a token for the service behind it. */
const credentialFor = (audience?: string) => ({
  getToken: async (scopes: string | string[]) => ({
    token: tokenFor(audience ?? [scopes].flat()[0]!.replace('/.default', '')),
    expiresOnTimestamp: Date.now() + 3_600_000,
  }),
});

describe.each([
  ['a Microsoft Entra credential', () => new ServiceBusClient(namespace(), credentialFor(), once)],
  [
    'a connection string',
    () =>
      new ServiceBusClient(`Endpoint=sb://${namespace()}/;SharedAccessKeyName=any;SharedAccessKey=any`, once),
  ],
])('a client with %s', (_who, connect) => {
  it('sends, receives and settles', async () => {
    const client = connect();
    await client.createSender('q').sendMessages({ body: 'over TLS' });
    const receiver = client.createReceiver('q');
    const message = await receiveOne(receiver);
    expect(message.body).toBe('over TLS');
    await receiver.completeMessage(message);
    expect(await receiver.peekMessages(1)).toEqual([]);
    await client.close();
  });
});

describe('a Microsoft Entra token', () => {
  it('for another service is refused to the SDK', async () => {
    const client = new ServiceBusClient(namespace(), credentialFor('https://vault.azure.net'), once);
    await expect(client.createSender('q').sendMessages({ body: 'x' })).rejects.toMatchObject({
      code: 'UnauthorizedAccess',
      message: expect.stringContaining('https://vault.azure.net') as string,
    });
    await client.close();
  });

  it.each([
    ['https://servicebus.azure.net', '1h', 200],
    ['https://servicebus.azure.net/', '1h', 200],
    ['https://mine.servicebus.windows.net', '1h', 200],
    ['https://servicebus.azure.net.evil.example', '1h', 401],
    ['https://servicebus.azure.net', '-1h', 401],
  ])('for %s that expires in %s is answered with %i', async (audience, expires, status) => {
    const client = await RawClient.connect(bus.port);
    expect(await client.putToken('jwt', tokenFor(audience, expires))).toMatchObject({
      'status-code': status,
      ...(status === 401 && { 'error-condition': 'amqp:unauthorized-access' }),
    });
    client.close();
  });

  it('that is none is refused', async () => {
    const client = await RawClient.connect(bus.port);
    expect(await client.putToken('jwt', 'not a token')).toMatchObject({ 'status-code': 401 });
    client.close();
  });
});

it('has the entities of the plain port', async () => {
  const secure = await RawClient.connect(bus.tlsPort, {
    host: 'localhost',
    transport: 'tls',
    ca: [bus.certificate],
  });
  expect(await secure.send(await secure.sender('raw'), { body: 'by TLS' })).toBe('accepted');
  const plain = await RawClient.connect(bus.port);
  expect((await next(await plain.receiver('raw'))).message['body']).toBe('by TLS');
  secure.close();
  plain.close();
});

it('has the same certificate after a restart', async () => {
  const before = bus.certificate;
  await bus.kill();
  await bus.startAgain();
  expect(bus.certificate).toBe(before);
});

it('wants a certificate and its key, or neither', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'service-bus-tls-'));
  const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
  writeFileSync(files.cert, bus.certificate);
  await expect(readOrMakeCertificate(files)).rejects.toThrow(`without ${files.key}`);
  rmSync(folder, { recursive: true });
});

/**
 * The local stack as Azure is: every service over TLS, tokens of an identity, no connection string. Its parts are
 * those of `npm start` with more options; Azurite takes Entra tokens with `--oauth basic`.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { connections } from '../../contract/names.ts';
import { prepareFiles } from '../../local/stack/files.ts';
import { stackParts } from '../../local/stack/parts.ts';
import { RunningPart, type Part } from '../../local/stack/process.ts';
import { readOrMakeCertificate } from '../../local/tls/certificate.ts';
import { freePorts, freeStackPorts } from '../support/ports.ts';
import { startIdentityEndpoint, type IdentityEndpoint } from './identity-endpoint.ts';

export interface IdentityStack {
  api: string;
  identity: IdentityEndpoint;
  /** Where Web PubSub takes faults on request. */
  webPubSubFaults: string;
  /** The app settings that the functions run with. */
  settings: Record<string, string>;
  stop(): Promise<void>;
}

export async function startIdentityStack(): Promise<IdentityStack> {
  const ports = await freeStackPorts();
  const [busPort, hubPort] = (await freePorts(2)) as [number, number];
  const data = mkdtempSync(join(tmpdir(), 'hubbub-identity-'));
  const files = { cert: join(data, 'cert.pem'), key: join(data, 'key.pem') };
  const { cert } = await readOrMakeCertificate(files);
  // What NODE_EXTRA_CA_CERTS does for the host.
  setDefaultCACertificates([...getCACertificates('default'), cert]);
  const identity = await startIdentityEndpoint();

  const prepared = prepareFiles(data, ports, { webPubSub: { AllowUnvalidatedEntraTokens: true } });
  const settings = withoutConnectionStrings(prepared.settings, {
    [`${connections.storage}__tableServiceUri`]: `https://127.0.0.1:${ports.table}/devstoreaccount1`,
    [`${connections.serviceBus}__fullyQualifiedNamespace`]: `localhost:${busPort}`,
    [`${connections.webPubSub}__serviceUri`]: `https://localhost:${hubPort}`,
  });

  const parts = stackParts({ data, ports, files: prepared, watch: false });
  const pair = ['--certificate', files.cert, '--key', files.key];
  const services: Part[] = [
    {
      ...parts.storage,
      args: [...parts.storage.args, '--oauth', 'basic', '--cert', files.cert, '--key', files.key],
      health: { ...parts.storage.health, url: `https://127.0.0.1:${ports.table}/` },
    },
    { ...parts.serviceBus, args: [...parts.serviceBus.args, '--tls-port', String(busPort), ...pair] },
    { ...parts.webPubSub, args: [...parts.webPubSub.args, '--tls-port', String(hubPort), ...pair] },
  ];
  const host: Part = {
    ...parts.functions,
    environment: { NODE_EXTRA_CA_CERTS: files.cert, ...identity.environment },
  };

  const running: RunningPart[] = [];
  const killAll = () => running.forEach((part) => part.kill());
  process.once('exit', killAll);
  const start = async (...wanted: Part[]) => {
    const started = wanted.map((part) => new RunningPart(part));
    running.push(...started);
    await Promise.all(started.map((part) => part.ready()));
  };
  await start(...services);
  await start(host);
  return {
    api: `http://localhost:${ports.functions}/api`,
    identity,
    webPubSubFaults: `http://localhost:${ports.webPubSub}/faults`,
    settings,
    stop: async () => {
      for (const part of running.toReversed()) await part.stop();
      process.off('exit', killAll);
      await identity.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Rewrites a settings file so that nothing in it is a connection string. */
function withoutConnectionStrings(file: string, addresses: Record<string, string>): Record<string, string> {
  const content = JSON.parse(readFileSync(file, 'utf8')) as { Values: Record<string, string> };
  for (const name of Object.values(connections)) delete content.Values[name];
  Object.assign(content.Values, addresses);
  writeFileSync(file, JSON.stringify(content));
  return content.Values;
}

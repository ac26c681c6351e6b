/**
 * The program: reads its options, starts the server, stops on SIGINT or SIGTERM.
 * `node main.ts --config web-pubsub.json [--port 8080] [--tls-port 8443 --certificate FILE --key FILE]`
 */
import { parseArgs } from 'node:util';
import { readOrMakeCertificate } from '../tls/certificate.ts';
import { readConfig } from './config.ts';
import { startServer, type TlsOptions } from './server.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    port: { type: 'string', default: '8080' },
    'tls-port': { type: 'string' },
    certificate: { type: 'string' },
    key: { type: 'string' },
  },
});

try {
  if (!values.config) throw new Error('Say which configuration to use: --config FILE');
  const port = readPort('port', values.port);
  const tls = await readTls();
  const server = await startServer(readConfig(values.config), port, tls).catch(explain);
  const addresses = [`http://localhost:${server.port}`];
  if (server.tlsPort !== undefined) addresses.push(`https://localhost:${server.tlsPort}`);
  console.log(`Web PubSub is ready on ${addresses.join(' and ')}`);
  // A second signal changes nothing: Ctrl-C reaches the whole group, and who started this may pass it on as well.
  let stopping: Promise<void> | undefined;
  const stop = () => void (stopping ??= server.stop().then(() => process.exit(0)));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function readTls(): Promise<TlsOptions | undefined> {
  const { 'tls-port': port, certificate: cert, key } = values;
  if (port === undefined && cert === undefined && key === undefined) return undefined;
  if (port === undefined || !cert || !key) {
    throw new Error('TLS needs all three: --tls-port PORT --certificate FILE --key FILE');
  }
  return { port: readPort('tls-port', port), certificate: await readOrMakeCertificate({ cert, key }) };
}

function readPort(option: string, text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new Error(`--${option} ${text} is not a port.`);
  return port;
}

function explain(error: NodeJS.ErrnoException & { port?: number }): never {
  if (error.code !== 'EADDRINUSE') throw error;
  const option = error.port === Number(values.port) ? '--port' : '--tls-port';
  throw new Error(`Port ${error.port} is taken. Stop what uses it, or choose another: ${option} PORT`);
}

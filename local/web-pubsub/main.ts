/**
 * The program: reads its options, starts the server, stops on SIGINT or SIGTERM.
 * `node main.ts --config web-pubsub.json [--port 8080]`
 */
import { parseArgs } from 'node:util';
import { readConfig } from './config.ts';
import { startServer } from './server.ts';

const { values } = parseArgs({
  options: { config: { type: 'string' }, port: { type: 'string', default: '8080' } },
});

try {
  if (!values.config) throw new Error('Say which configuration to use: --config FILE');
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) throw new Error(`--port ${values.port} is not a port.`);
  const config = readConfig(values.config);
  const server = await startServer(config, port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken. Stop what uses it, or choose another: --port PORT`);
  });
  console.log(`Web PubSub is ready on http://localhost:${server.port}`);
  // A second signal changes nothing: Ctrl-C reaches the whole group, and who started this may pass it on as well.
  let stopping: Promise<void> | undefined;
  const stop = () => void (stopping ??= server.stop().then(() => process.exit(0)));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

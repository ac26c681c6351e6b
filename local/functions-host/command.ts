/** The command: a host for one function app, from its arguments until it is told to stop. */
import { Host } from './host.ts';
import { readOptions, usage, type Options } from './options.ts';

function optionsOrExit(): Options {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(1);
  }
}

function exitWith(error: unknown, port: number | undefined): never {
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const text = error instanceof Error ? error.message : String(error);
  console.error(
    isTaken
      ? `Port ${port} is taken. Give another with --port, or with Host.LocalHttpPort in the settings file.`
      : `The Functions host cannot start: ${text}`,
  );
  process.exit(1);
}

const options = optionsOrExit();
let host: Host | undefined;
try {
  host = new Host(options);
  await host.start();
} catch (error) {
  exitWith(error, host?.port);
}

// The Service Bus SDK lets go of some promises when a connection breaks; none of them is worth the host.
process.on('unhandledRejection', (error) =>
  console.error(`Unhandled rejection in the host: ${String(error)}`),
);

let isStopping = false;
async function stop(running: Host): Promise<void> {
  if (isStopping) process.exit(1); // A second Ctrl-C does not wait.
  isStopping = true;
  await running.stop();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop(host));
console.log(`Functions host ready on http://localhost:${host.port}`);

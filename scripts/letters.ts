/**
 * `npm run letters`: lists, shows, sends again or throws away what nobody could deliver: dead letters and rejected
 * messages, of the local stack or of Azure. docs/operations.md says what to do with which.
 */
import { parseArgs } from 'node:util';
import { DefaultAzureCredential } from '@azure/identity';
import { ServiceBusClient } from '@azure/service-bus';
import { runCommand } from './command/failure.ts';
import { targetOf, type Target } from './command/target.ts';
import type { Selection } from './letters/browse.ts';
import { list, show, take } from './letters/commands.ts';
import { sourceNames, type SourceName } from './letters/sources.ts';

const usage = `npm run letters -- list [SOURCE] [--reason R] [--limit N] [--json]
npm run letters -- show SOURCE NUMBER [--json]
npm run letters -- resend SOURCE NUMBER … | --reason R | --all [--limit N] [--yes]
npm run letters -- discard SOURCE NUMBER … | --reason R | --all [--limit N] [--yes]

SOURCE is one of ${sourceNames.join(', ')}.
Without --yes resend and discard only say what they would do.
Where: the local stack, or --namespace NAME.servicebus.windows.net (your own identity, az login), or
--connection-string S.`;

const print = (line: string): void => console.log(line);

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      all: { type: 'boolean', default: false },
      reason: { type: 'string' },
      limit: { type: 'string' },
      yes: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      namespace: { type: 'string' },
      'connection-string': { type: 'string' },
    },
  });
  const [what = '', source, ...numbers] = positionals;
  const { all, json, reason, yes: really } = values;
  const run = commandOf();
  const given = { connectionString: values['connection-string'], address: values.namespace };
  const target = targetOf('serviceBus', given);
  if (!json) print(`Service Bus: ${target.name}`);
  const client = connect(target);
  try {
    await run(client);
  } finally {
    await client.close();
  }

  function commandOf(): (client: ServiceBusClient) => Promise<void> {
    const selection: Selection = { reason, limit: readLimit() };
    if (what === 'list' && numbers.length === 0) {
      const names = source === undefined ? [] : [readSource()];
      return (client) => list(client, names, { selection, json, print });
    }
    if (what === 'show' && numbers.length === 1) {
      const [name, number] = [readSource(), numbers[0]!];
      return (client) => show(client, name, { number, json, print });
    }
    if (what !== 'resend' && what !== 'discard') throw new Error(usage);
    const ways = [all, reason !== undefined, numbers.length > 0].filter(Boolean).length;
    if (ways === 0) throw new Error(`Say which: numbers, --reason or --all.\n\n${usage}`);
    if (all && ways > 1) throw new Error(`--all goes alone: it means every one.\n\n${usage}`);
    if (numbers.length > 0) selection.numbers = new Set(numbers);
    const name = readSource();
    return (client) => take(client, name, { what, selection, really, print });
  }

  function readSource(): SourceName {
    const name = sourceNames.find((each) => each === source);
    if (name === undefined) throw new Error(`${source ?? 'Nothing'} is no source.\n\n${usage}`);
    return name;
  }

  function readLimit(): number | undefined {
    if (values.limit === undefined) return undefined;
    const limit = Number(values.limit);
    if (!Number.isInteger(limit) || limit < 1) throw new Error('--limit takes a whole number from 1.');
    return limit;
  }
});

function connect({ connection }: Target): ServiceBusClient {
  // An operator waits, but not for minutes where nothing answers.
  const options = { retryOptions: { maxRetries: 2, retryDelayInMs: 1_000, timeoutInMs: 15_000 } };
  return 'address' in connection
    ? new ServiceBusClient(connection.address, new DefaultAzureCredential(), options)
    : new ServiceBusClient(connection.connectionString, options);
}

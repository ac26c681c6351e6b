/** What `npm run letters` can do, each as an operator asks for it. */
import type { ServiceBusClient } from '@azure/service-bus';
import { browse, type Selection } from './browse.ts';
import type { Letter } from './letter.ts';
import { toJson, toTable, toText } from './print.ts';
import { sendAgain, settle, type Outcome } from './settle.ts';
import { sourceNames, sources, type SourceName } from './sources.ts';

type Print = (line: string) => void;

/** Lists a source, or all of them. */
export async function list(
  client: ServiceBusClient,
  names: SourceName[],
  { selection, json, print }: { selection: Selection; json: boolean; print: Print },
): Promise<void> {
  for (const name of names.length > 0 ? names : sourceNames) {
    const letters: Letter[] = [];
    for await (const letter of browse(sources[name].receiver(client), selection)) {
      if (json) print(toJson(name, letter));
      else letters.push(letter);
    }
    if (json) continue;
    print(`${name}: ${letters.length} (${sources[name].holds})`);
    if (letters.length > 0) print(`${toTable(letters)}\n`);
  }
}

/** Shows everything of one letter, its text, too. Throws where it is not there. */
export async function show(
  client: ServiceBusClient,
  source: SourceName,
  { number, json, print }: { number: string; json: boolean; print: Print },
): Promise<void> {
  for await (const letter of browse(sources[source].receiver(client), { numbers: new Set([number]) })) {
    return print(json ? toJson(source, letter) : toText(letter));
  }
  throw new Error(`There is no number ${number} in ${source}.`);
}

interface Taking {
  what: 'resend' | 'discard';
  selection: Selection;
  /** Only says what it would do where false. */
  really: boolean;
  print: Print;
}

/** Sends letters again, or throws them away. Throws where some of them could not be taken. */
export async function take(
  client: ServiceBusClient,
  source: SourceName,
  { what, selection, really, print }: Taking,
): Promise<void> {
  const { receiver: open, destination } = sources[source];
  const receiver = open(client);
  const letters: Letter[] = [];
  for await (const letter of browse(receiver, selection)) letters.push(letter);
  requireAll(source, letters, selection);
  if (letters.length === 0) return print(`Nothing in ${source} matches.`);
  const whereTo =
    what === 'resend' ? `send ${letters.length} to ${destination}` : `throw ${letters.length} away`;
  if (!really) {
    print(toTable(letters));
    return print(`This would ${whereTo}. Nothing was done; the same with --yes does it.`);
  }
  const outcome = await settle({
    receiver,
    chosen: new Set(letters.map(({ number }) => number)),
    before: what === 'resend' ? sendAgain(client, destination) : async () => {},
    progress: (done) => {
      if (done % 100 === 0) print(`${done} of ${letters.length} …`);
    },
  });
  print(`${what === 'resend' ? `Sent to ${destination}` : 'Thrown away'}: ${outcome.done}.`);
  complain(outcome);
}

function requireAll(source: SourceName, letters: Letter[], { numbers }: Selection): void {
  const found = new Set(letters.map(({ number }) => number));
  const absent = [...(numbers ?? [])].filter((number) => !found.has(number));
  if (absent.length > 0) throw new Error(`Not in ${source}, or not of that reason: ${absent.join(', ')}.`);
}

function complain({ kept, missed }: Outcome): void {
  const complaints = [
    ...(kept.length > 0
      ? [`Done, and yet still there, because their lock was lost: ${kept.join(', ')}. Again does no harm.`]
      : []),
    ...(missed.length > 0
      ? [`Held by somebody else, or taken meanwhile: ${missed.join(', ')}. Try again in a minute.`]
      : []),
  ];
  if (complaints.length > 0) throw new Error(complaints.join(' '));
}

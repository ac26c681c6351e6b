/** What the Functions host tells (`GET /admin/host/activity`), and how the page shows it. */
import { addTable, type Cell } from './table.ts';
import { count, duration, number, time } from './words.ts';

export interface FunctionsStatus {
  state: string;
  functions: {
    name: string;
    trigger: string;
    state: string;
    invocations: number;
    failures: number;
    running: number;
  }[];
  errors: string[];
  recent: {
    id: string;
    functionName: string;
    began: string;
    milliseconds: number;
    succeeded: boolean;
    error?: string;
  }[];
}

const kinds: Record<string, string> = {
  httptrigger: 'HTTP',
  servicebustrigger: 'Service Bus',
  timertrigger: 'Timer',
  webpubsubtrigger: 'Web PubSub',
};

/** Prepares the section; answers what writes a status into it and sums it up in a few words. */
export function functionsSection(section: HTMLElement): (status: FunctionsStatus) => string {
  const functions = addTable<FunctionsStatus['functions'][number]>(section, 'Functions', {
    columns: [
      { head: 'Name', cell: ({ name }) => name },
      { head: 'Trigger', cell: ({ trigger }) => kinds[trigger.toLowerCase()] ?? trigger },
      { head: 'State', cell: ({ state }) => stateCell(state) },
      { head: 'Runs', isNumber: true, cell: ({ invocations }) => number(invocations) },
      { head: 'Failed', isNumber: true, cell: ({ failures }) => countCell(failures, 'bad') },
      { head: 'Running', isNumber: true, cell: ({ running }) => countCell(running, 'good') },
    ],
    empty: 'The app has no functions.',
  });
  const recent = addTable<FunctionsStatus['recent'][number]>(section, 'Latest invocations', {
    columns: [
      { head: 'Began', cell: ({ began }) => ({ text: time(began), title: began }) },
      { head: 'Function', cell: ({ functionName, id }) => ({ text: functionName, title: id }) },
      { head: 'Took', isNumber: true, cell: ({ milliseconds }) => duration(milliseconds) },
      {
        head: 'Outcome',
        cell: ({ succeeded, error }): Cell =>
          succeeded
            ? { text: 'Succeeded', tone: 'quiet' }
            : { text: `Failed: ${error ?? ''}`, tone: 'bad', title: error },
      },
    ],
    empty: 'No function has run yet.',
    isTall: true,
  });
  const errors = addTable<string>(section, 'Not served', {
    columns: [{ head: 'Reason', cell: (text) => ({ text, tone: 'bad' }) }],
  });
  return (status) => {
    functions(status.functions);
    errors(status.errors);
    recent(status.recent);
    const running = status.functions.reduce((sum, each) => sum + each.running, 0);
    return `${status.state}, ${count(running, 'invocation')} under way`;
  };
}

function stateCell(state: string): Cell {
  if (state === 'interrupted') return { text: state, tone: 'wait' };
  const next = /^next at (.*)$/.exec(state)?.[1];
  return next === undefined
    ? { text: state, tone: 'quiet' }
    : { text: `next at ${time(next)}`, tone: 'quiet', title: next };
}

function countCell(value: number, tone: Cell['tone']): Cell {
  return { text: number(value), tone: value === 0 ? 'quiet' : tone };
}

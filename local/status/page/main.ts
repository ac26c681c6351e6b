/** The page: asks its program once a second while somebody looks, and hands each part its news. */
import type { Answer, ProgramName } from '../programs.ts';
import { functionsSection } from './functions.ts';
import { serviceBusSection } from './service-bus.ts';
import { write } from './table.ts';
import { webPubSubSection } from './web-pubsub.ts';
import { time } from './words.ts';

/** Milliseconds between the end of one question and the next. */
const period = 1_000;

interface Part {
  name: ProgramName;
  section: HTMLElement;
  /** Shows what was told, and answers it in a few words. */
  show: (status: never) => string;
}

const sectionOf = (id: string): HTMLElement => document.querySelector<HTMLElement>(`#${id}`)!;

const parts: Part[] = [
  part('serviceBus', 'service-bus', serviceBusSection),
  part('webPubSub', 'web-pubsub', webPubSubSection),
  part('functions', 'functions', functionsSection),
];

function part(name: ProgramName, id: string, prepare: (section: HTMLElement) => Part['show']): Part {
  const section = sectionOf(id);
  const summary = document.createElement('p');
  summary.className = 'summary';
  const problem = document.createElement('p');
  problem.className = 'problem';
  problem.hidden = true;
  section.append(summary, problem);
  return { name, section, show: prepare(section) };
}

const pulse = sectionOf('pulse');
let lastHeard: string | undefined;

async function ask(): Promise<void> {
  try {
    const response = await fetch('/status.json', { signal: AbortSignal.timeout(10_000) });
    const answers = (await response.json()) as Record<ProgramName, Answer>;
    lastHeard = new Date().toISOString();
    for (const each of parts) tell(each, answers[each.name]);
    const silent = Object.values(answers).filter((answer) => 'problem' in answer).length;
    setPulse(silent === 0 ? 'Live' : 'Live, but not every program answers', silent === 0 ? 'good' : 'wait');
  } catch {
    const since = lastHeard === undefined ? '' : ` since ${time(lastHeard)}; what stands here is from then`;
    setPulse(`The status program has not answered${since}.`, 'bad');
  }
}

function tell({ section, show }: Part, answer: Answer): void {
  const [summary, problem] = section.querySelectorAll<HTMLElement>(':scope > .summary, :scope > .problem');
  const reason =
    'problem' in answer ? answer.problem : showOrSay(() => write(summary!, show(answer.status as never)));
  section.classList.toggle('silent', reason !== undefined);
  problem!.hidden = reason === undefined;
  summary!.hidden = reason !== undefined;
  if (reason !== undefined) write(problem!, `${answer.url}: ${reason}`);
}

/** A program of another make, or another age, may tell something else. */
function showOrSay(show: () => void): string | undefined {
  try {
    show();
    return undefined;
  } catch (error) {
    return `It tells what this page cannot read (${String(error)}).`;
  }
}

function setPulse(text: string, tone: string): void {
  write(pulse, text);
  pulse.className = tone;
}

async function live(): Promise<void> {
  for (;;) {
    if (document.hidden) {
      // Nobody looks: wait until somebody does.
      await new Promise((seen) => document.addEventListener('visibilitychange', seen, { once: true }));
      continue;
    }
    await ask();
    await new Promise((done) => setTimeout(done, period));
  }
}

void live();

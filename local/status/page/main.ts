/** The page: asks its program once a second while somebody looks, and hands each part its news. */
import type { Answer, ProgramName } from '../programs.ts';
import { functionsSection } from './functions.ts';
import { write } from './table.ts';
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

const parts: Part[] = [part('functions', 'functions', functionsSection)];

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
  const isSilent = 'problem' in answer;
  section.classList.toggle('silent', isSilent);
  problem!.hidden = !isSilent;
  summary!.hidden = isSilent;
  if (isSilent) write(problem!, `${answer.url}: ${answer.problem}`);
  else write(summary!, show(answer.status as never));
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

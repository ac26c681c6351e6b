/** The programs that the page is about, and how to ask them. It passes on what they say without reading it. */

export type ProgramName = 'functions' | 'serviceBus' | 'webPubSub';

/** Either what a program told of itself, or why it did not. */
export type Answer = { url: string; status: unknown } | { url: string; problem: string };

const paths: Record<ProgramName, string> = {
  functions: '/admin/host/activity',
  serviceBus: '/status',
  webPubSub: '/status',
};
/** Milliseconds. */
const patience = 2_000;

/** Asks all programs at once; never rejects. `addresses` are those of the programs, without a path. */
export async function askAll(addresses: Record<ProgramName, string>): Promise<Record<ProgramName, Answer>> {
  const names = Object.keys(paths) as ProgramName[];
  const answers = await Promise.all(names.map((name) => ask(addresses[name], paths[name])));
  return Object.fromEntries(names.map((name, index) => [name, answers[index]])) as Record<
    ProgramName,
    Answer
  >;
}

async function ask(url: string, path: string): Promise<Answer> {
  try {
    const response = await fetch(new URL(path, url), { signal: AbortSignal.timeout(patience) });
    if (response.ok) return { url, status: await response.json() };
    await response.body?.cancel();
    return { url, problem: `It answers, but has no status to tell (${response.status}).` };
  } catch (error) {
    return { url, problem: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SyntaxError) return 'It answers, but not with a status.';
  if (error instanceof Error && error.name === 'TimeoutError')
    return `It does not answer within ${patience / 1_000} seconds.`;
  return 'Nothing answers there.';
}

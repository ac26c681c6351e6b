/** The page in a browser: how much it loads and how soon it is there, and whether it drops frames at work. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { findChromium } from '../../scripts/chromium.ts';
import { freePorts } from '../../tests/support/ports.ts';
import { buildHarness, newPage, openState, startHarness } from '../../tests/web/screens/harness.ts';
import { startProgram } from '../processes/program.ts';
import type { Run } from '../section.ts';
import type { Table } from '../table.ts';

/** How many times slower than this machine the processor seems for the first load: a phone of some years ago. */
const slowdown = 4;

interface Work {
  what: string;
  state: string;
  /** What a person does, so many times. */
  act: (page: Page, times: number) => Promise<void>;
}

export async function page({ quick, say }: Run): Promise<Table[]> {
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath !== undefined && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  say('first load');
  const load = await firstLoad(browser, quick ? 1 : 5);
  await buildHarness();
  const harness = await startHarness();
  const rows: Table['rows'] = [];
  for (const { what, state, act } of works) {
    say(what);
    const opened = await newPage(browser, harness.origin, 'wide');
    await openState(opened, state);
    await opened.evaluate(settled);
    const { frames, slow } = await countFrames(opened, () => act(opened, quick ? 10 : 100));
    const longest = slow.toSorted((left, right) => right.whole - left.whole)[0];
    rows.push([what, frames, slow.length, longest?.whole ?? 0, longest?.script ?? 0]);
    await opened.context().close();
  }
  await harness.stop();
  await browser.close();
  return [
    {
      title: `page: the first load, the median of ${quick ? 1 : 5}`,
      head: ['processor', 'kB over the wire', 'requests', 'ms until one can sign in'],
      rows: load,
    },
    {
      title: 'page: frames at work',
      head: ['work', 'frames', 'over 50 ms', 'the longest of these, ms', 'of which scripts'],
      rows,
      notes: [
        'The screens on a client without a network. A frame is over 50 ms where Chromium reports a long animation frame.',
      ],
    },
  ];
}

async function firstLoad(browser: Browser, times: number): Promise<Table['rows']> {
  const [port = 0] = await freePorts(1);
  const overlay = mkdtempSync(join(tmpdir(), 'hubbub-page-'));
  writeFileSync(join(overlay, 'config.json'), JSON.stringify({ api: 'http://localhost:1/api' }));
  const args = ['local/page/main.ts', '--root', 'dist/web', '--port', String(port), '--overlay', overlay];
  const server = await startProgram(process.execPath, args, port);
  const address = `http://localhost:${port}/`;
  const rows: Table['rows'] = [];
  for (const rate of [1, slowdown]) {
    const loads = [];
    for (let time = 0; time < times; time += 1) loads.push(await loadOnce(browser, address, rate));
    const middle = loads.toSorted((left, right) => left.milliseconds - right.milliseconds)[
      Math.floor(times / 2)
    ]!;
    const { bytes, requests, milliseconds } = middle;
    rows.push([rate === 1 ? 'as it is' : `${rate} times slower`, bytes / 1_000, requests, milliseconds]);
  }
  await server.stop();
  return rows;
}

async function loadOnce(browser: Browser, address: string, rate: number) {
  const context = await browser.newContext();
  const opened = await context.newPage();
  const cdp = await context.newCDPSession(opened);
  let bytes = 0;
  let requests = 0;
  cdp.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await cdp.send('Network.enable');
  await cdp.send('Emulation.setCPUThrottlingRate', { rate });
  const began = performance.now();
  await opened.goto(address, { waitUntil: 'commit' });
  await opened.getByLabel('Your name').waitFor();
  const milliseconds = performance.now() - began;
  await opened.waitForLoadState('networkidle');
  await context.close();
  return { bytes, requests, milliseconds };
}

interface Seen {
  frames: number;
  /** Milliseconds of each frame over 50. */
  slow: { whole: number; script: number }[];
}

/** Frames while something is done. */
async function countFrames(opened: Page, act: () => Promise<void>): Promise<Seen> {
  await opened.evaluate(() => {
    const seen: Seen = { frames: 0, slow: [] };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { scripts = [] } = entry as PerformanceEntry & { scripts?: { duration: number }[] };
        seen.slow.push({
          whole: entry.duration,
          script: scripts.reduce((sum, { duration }) => sum + duration, 0),
        });
      }
    }).observe({ type: 'long-animation-frame' });
    const count = (): void => {
      seen.frames += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await act();
  await opened.evaluate(settled);
  return opened.evaluate(() => (window as unknown as { seen: Seen }).seen);
}

/** Runs in the page: ends when what was asked for is painted. */
const settled = (): Promise<void> =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))));

const frame = (opened: Page): Promise<void> =>
  opened.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => done())));

const wheel = async (opened: Page, x: number, by: (time: number) => number, times: number): Promise<void> => {
  await opened.mouse.move(x, 450);
  for (let time = 0; time < times; time += 1) {
    await opened.mouse.wheel(0, by(time));
    await frame(opened);
  }
};

const works: Work[] = [
  {
    what: 'switching rooms of 200 messages',
    state: 'busy',
    act: async (opened, times) => {
      // Every room has the messages of the one that is open.
      const names = await opened.evaluate(() => {
        const { store } = window.fake!;
        const { rooms, memberships, conversations } = store.getState();
        const [known] = Object.values(conversations);
        const ids = Object.keys(memberships);
        const messages = Array.from({ length: 200 }, (_, index) => {
          const { messages: some } = known!;
          return { ...some[index % some.length]!, seq: index + 1, message_id: `m-${index}` };
        });
        store.setState({
          conversations: Object.fromEntries(
            ids.map((id) => [id, { ...known!, messages, head: 200, complete: true }]),
          ),
        });
        return ids.map((id) => rooms[id]!.name);
      });
      for (let time = 0; time < times; time += 1) {
        const name = names[(time + 1) % names.length]!;
        await opened
          .getByRole('link', { name: new RegExp(`^${name}\\b`, 'u') })
          .first()
          .click();
        await opened.getByRole('heading', { name, exact: true }).waitFor();
        await frame(opened);
      }
    },
  },
  {
    what: 'scrolling through 100,000 messages',
    state: 'huge',
    act: (opened, times) => wheel(opened, 800, (time) => (time % 10 === 9 ? -200_000 : -1_500), times),
  },
  {
    what: 'scrolling through 10,000 rooms',
    state: 'many-rooms',
    act: (opened, times) => wheel(opened, 150, (time) => (time % 10 === 9 ? 20_000 : 800), times),
  },
  {
    what: 'typing while 50 messages a second arrive',
    state: 'busy',
    act: async (opened, times) => {
      await opened.evaluate(() => {
        const { store } = window.fake!;
        const [[id] = ['']] = Object.entries(store.getState().conversations);
        let number = 0;
        setInterval(() => {
          const known = store.getState().conversations[id]!;
          const seq = known.head + 1;
          const message = {
            ...known.messages[0]!,
            seq,
            message_id: `arrived-${(number += 1)}`,
            content: `Number ${seq}`,
          };
          const messages = [...known.messages, message];
          store.setState(({ conversations }) => ({
            conversations: { ...conversations, [id]: { ...known, messages, head: seq } },
          }));
        }, 20);
      });
      await opened.getByLabel('Message Design').click();
      await opened.keyboard.type('typed '.repeat(times / 2), { delay: 20 });
    },
  },
];

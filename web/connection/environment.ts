/**
 * Everything the data layer takes from the world around it: network, clock, chance, storage, the window. One
 * object, so that the same code runs in a browser, in Node, and under a test that steers each of them.
 */

/** What the window tells: the network came or went, somebody looks at the page again, another tab stored something. */
export type WindowEvent = 'online' | 'offline' | 'wake' | 'storage';

export interface Environment {
  fetch: typeof fetch;
  openSocket(url: string, protocol: string): WebSocket;
  /** Epoch milliseconds. */
  now(): number;
  /** 0 to below 1. */
  random(): number;
  /** Runs once, after `milliseconds`; the answer takes it back. */
  after(milliseconds: number, run: () => void): () => void;
  /** Runs before the next frame is painted, or soon where nothing is painted. */
  soon(run: () => void): void;
  /** False only where it is certain that there is no network. */
  isOnline(): boolean;
  on(event: WindowEvent, listener: () => void): () => void;
  /** Runs while no other tab of this browser runs something under the same name. */
  alone(name: string, run: () => Promise<void>): Promise<void>;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Absent where nothing can be kept but in memory. */
  indexedDB: IDBFactory | undefined;
}

/** The environment of a page, or of Node, where storage is forgotten at the end. */
export function surroundings(): Environment {
  const inPage = typeof window !== 'undefined';
  return {
    fetch: (...request) => fetch(...request),
    openSocket: (url, protocol) => new WebSocket(url, protocol),
    now: () => Date.now(),
    random: () => Math.random(),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    soon: inPage ? soonInPage : (run) => void setTimeout(run, 0),
    isOnline: () => !inPage || navigator.onLine,
    on: inPage ? listen : () => () => undefined,
    // Absent where the page did not come over HTTPS, but from another machine of one's own network.
    alone: (name, run) => (inPage && 'locks' in navigator ? navigator.locks.request(name, run) : run()),
    storage: inPage ? pageStorage() : memoryStorage(),
    indexedDB: inPage ? window.indexedDB : undefined,
  };
}

/** Pages out of sight paint no frames, and still have to take in what arrives: whichever comes first. */
function soonInPage(run: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    run();
  };
  requestAnimationFrame(once);
  setTimeout(once, document.visibilityState === 'visible' ? 100 : 0);
}

/** Some browsers forbid storage to some pages: then it is in memory, and the page works until it is left. */
function pageStorage(): Environment['storage'] {
  try {
    return window.localStorage;
  } catch {
    return memoryStorage();
  }
}

function listen(event: WindowEvent, listener: () => void): () => void {
  if (event !== 'wake') {
    window.addEventListener(event, listener);
    return () => window.removeEventListener(event, listener);
  }
  const woken = (): void => {
    if (document.visibilityState === 'visible') listener();
  };
  window.addEventListener('focus', woken);
  document.addEventListener('visibilitychange', woken);
  return () => {
    window.removeEventListener('focus', woken);
    document.removeEventListener('visibilitychange', woken);
  };
}

export function memoryStorage(): Environment['storage'] {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

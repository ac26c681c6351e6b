/** Which ways of signing in there are, asked once; and by which one somebody came in the last time. */
import { useEffect, useState } from 'react';
import { providers as schema, type Providers } from '../../contract/identity.ts';
import { useClient } from '../chat.ts';
import { explain } from '../words.ts';

export type Way = 'guest' | 'sign_in' | 'register';
type Asked = { providers?: Providers; error?: string };

const key = 'hubbub.way';

export function useProviders(): Asked & { retry: () => void } {
  const client = useClient();
  const [asked, setAsked] = useState<Asked>({});
  const [attempt, setAttempt] = useState(1);
  useEffect(() => {
    let current = true;
    client.call.read(schema, '/auth/providers').then(
      (providers) => current && setAsked({ providers }),
      (failure: unknown) => current && setAsked({ error: explain(failure) }),
    );
    return () => {
      current = false;
    };
  }, [client, attempt]);
  const retry = (): void => {
    setAsked({});
    setAttempt(attempt + 1);
  };
  return { ...asked, retry };
}

/** The ways on offer, in the order in which they stand on the screen. */
export function waysOf({ guests, accounts }: Providers): Way[] {
  return [...(guests ? (['guest'] as const) : []), ...(accounts ? (['sign_in', 'register'] as const) : [])];
}

/** Who came in by an account the last time is not offered to be a guest first. */
export function firstWay(ways: Way[]): Way | undefined {
  const last = localStorage.getItem(key);
  return ways.find((way) => way === last) ?? ways[0];
}

export function rememberWay(way: Way): void {
  localStorage.setItem(key, way === 'register' ? 'sign_in' : way);
}

/** Finds out where the API is, makes the client, and says plainly when that does not work. */
import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ChatClient } from '../connection/model.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { App } from './app.tsx';
import css from './boot.module.css';

/** @param api base address of the REST API, without a slash at its end */
type Connect = (api: string) => ChatClient;

export function Boot({ connect }: { connect: Connect }) {
  const [attempt, setAttempt] = useState(1);
  return <Attempt key={attempt} connect={connect} onRetry={() => setAttempt(attempt + 1)} />;
}

function Attempt({ connect, onRetry }: { connect: Connect; onRetry: () => void }) {
  const [outcome, setOutcome] = useState<ChatClient | 'failed'>();
  useEffect(() => {
    let current = true;
    readConfig()
      .then(connect)
      .then(
        (client) => current && setOutcome(client),
        () => current && setOutcome('failed'),
      );
    return () => {
      current = false;
    };
  }, [connect]);
  if (outcome === undefined) return null;
  if (outcome !== 'failed') return <App client={outcome} />;
  return (
    <main className={css['screen']}>
      <Notice
        urgent
        icon={<Unplug size={26} />}
        title="Hubbub cannot be reached"
        action={
          <Button look="primary" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        The page could not find out where its service is. Check your connection; if you run Hubbub yourself,
        look at <code>config.json</code> beside the page.
      </Notice>
    </main>
  );
}

async function readConfig(): Promise<string> {
  const response = await fetch('/config.json', { cache: 'no-cache' });
  const config: unknown = await response.json();
  if (typeof config === 'object' && config !== null && 'api' in config && typeof config.api === 'string') {
    return config.api.replace(/\/$/u, '');
  }
  throw new Error('config.json has no "api"');
}

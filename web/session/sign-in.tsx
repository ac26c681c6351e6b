/** The first thing one sees: the ways in that the service offers, one form at a time. */
import { LogIn } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Providers } from '../../contract/identity.ts';
import { useChat } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Logo } from '../ui/logo.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { explain, sentenceFor } from '../words.ts';
import { AccountForm, GuestForm, RegisterForm } from './sign-in-forms.tsx';
import { firstWay, useProviders, waysOf, type Way } from './providers.ts';
import css from './sign-in.module.css';

const forms: Record<Way, ReactNode> = {
  guest: <GuestForm />,
  sign_in: <AccountForm />,
  register: <RegisterForm />,
};
const labels: Record<Way, string> = { guest: 'As a guest', sign_in: 'Sign in', register: 'Register' };

export function SignIn() {
  const ended = useChat((state) => state.ended);
  const { providers, error, retry } = useProviders();
  return (
    <main className={css['screen']}>
      <div className={css['card']}>
        <Logo size={44} />
        <h1>Hubbub</h1>
        <p className={css['lead']}>Chat in rooms that you create.</p>
        {ended !== undefined && (
          <p className={css['ended']} role="alert">
            {sentenceFor(ended)}
          </p>
        )}
        {error !== undefined && (
          <div className={css['form']}>
            <p role="alert">{error}</p>
            <Button look="primary" onClick={retry}>
              Try again
            </Button>
          </div>
        )}
        {providers !== undefined && <Ways providers={providers} />}
      </div>
    </main>
  );
}

function Ways({ providers }: { providers: Providers }) {
  const ways = waysOf(providers);
  const [chosen, setChosen] = useState(() => firstWay(ways));
  const { oidc } = providers;
  return (
    <>
      {ways.length > 1 && chosen !== undefined && (
        <div className={css['ways']}>
          <Tabs
            label="Ways to sign in"
            tabs={ways.map((way) => ({ id: way, label: labels[way] }))}
            chosen={chosen}
            onChoose={setChosen}
            wide
          />
        </div>
      )}
      {chosen !== undefined && <div className={css['form']}>{forms[chosen]}</div>}
      {chosen !== undefined && oidc.length > 0 && <p className={css['or']}>or</p>}
      {oidc.length > 0 && <OidcButtons oidc={oidc} primary={chosen === undefined} />}
      {chosen === undefined && oidc.length === 0 && (
        <p className={css['lead']}>Every way to sign in is switched off here.</p>
      )}
    </>
  );
}

function OidcButtons({ oidc, primary }: { oidc: Providers['oidc']; primary: boolean }) {
  const [leaving, setLeaving] = useState<string>();
  const [error, setError] = useState<string>();
  const go = async (provider: Providers['oidc'][number]): Promise<void> => {
    setLeaving(provider.id);
    setError(undefined);
    try {
      const { leaveFor } = await import('./oidc.ts');
      await leaveFor(provider);
    } catch (failure) {
      setError(explain(failure));
      setLeaving(undefined);
    }
  };
  return (
    <div className={css['oidc']} data-alone={primary}>
      {oidc.map((provider) => (
        <Button
          key={provider.id}
          look={primary ? 'primary' : 'plain'}
          icon={<LogIn size={16} />}
          busy={leaving === provider.id}
          onClick={() => void go(provider)}
        >
          Continue with {provider.name}
        </Button>
      ))}
      {error !== undefined && (
        <p className={css['error']} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

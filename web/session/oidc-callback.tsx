/** Where an OpenID provider sends the browser back to: the sign-in is finished here, or it is said why not. */
import { CircleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useClient } from '../chat.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { explain } from '../words.ts';
import { comeBack } from './oidc.ts';
import css from './sign-in.module.css';

export function OidcCallback() {
  const client = useClient();
  const navigate = useNavigate();
  const [error, setError] = useState<string>();
  const begun = useRef(false);
  useEffect(() => {
    // The code is good once.
    if (begun.current) return;
    begun.current = true;
    comeBack(client.call, location.search).then(
      ({ session, back }) => {
        client.begin(session);
        void navigate(back, { replace: true });
      },
      (failure: unknown) => setError(explain(failure)),
    );
  }, [client, navigate]);
  return (
    <main className={css['screen']}>
      {error === undefined ? (
        <output className={css['under-way']}>Signing in …</output>
      ) : (
        <Notice
          urgent
          icon={<CircleAlert size={26} />}
          title="You are not signed in"
          action={
            <Button look="primary" onClick={() => void navigate('/', { replace: true })}>
              Back to the sign-in
            </Button>
          }
        >
          {error}
        </Notice>
      )}
    </main>
  );
}

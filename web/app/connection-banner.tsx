/** How the connection is, when it is not as it should be, and what can be done about it. */
import { RefreshCw, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useChat, useClient } from '../chat.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';

const kept = 'What you write is kept, and sent when you are back.';

export function ConnectionBanner() {
  const client = useClient();
  const status = useChat((state) => state.status);
  const again = (
    <Button look="link" onClick={() => client.retryNow()}>
      Try now
    </Button>
  );
  switch (status) {
    case 'offline':
      return (
        <Banner icon={<WifiOff size={16} />} spoken={`You are offline. ${kept}`}>
          You are offline. {kept}
        </Banner>
      );
    case 'reconnecting':
      return (
        <Banner icon={<RefreshCw size={16} />} spoken={`The connection was lost. ${kept}`} action={again}>
          The connection was lost. <Countdown />
        </Banner>
      );
    case 'catching_up':
      return (
        <Banner late icon={<RefreshCw size={16} />} spoken="Catching up">
          Catching up …
        </Banner>
      );
    case 'connecting':
      return (
        <Banner late icon={<RefreshCw size={16} />} spoken="Connecting">
          Connecting …
        </Banner>
      );
    case 'online':
      return null;
  }
}

function Countdown() {
  const retryAt = useChat((state) => state.retry_at);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = retryAt === undefined ? 0 : Math.ceil((retryAt - now) / 1000);
  return seconds > 0 ? `Trying again in ${seconds} s.` : 'Trying again …';
}

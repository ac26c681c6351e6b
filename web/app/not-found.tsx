/** An address that leads nowhere. */
import { SearchX } from 'lucide-react';
import { useNavigate } from 'react-router';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import css from './pane.module.css';

export function NotFound() {
  const navigate = useNavigate();
  return (
    <div className={css['pane']}>
      <Notice
        icon={<SearchX size={26} />}
        title="There is nothing at this address"
        action={
          <Button look="primary" onClick={() => void navigate('/')}>
            See all rooms
          </Button>
        }
      >
        The link may be incomplete.
      </Notice>
    </div>
  );
}

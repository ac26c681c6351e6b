/** Short news that needs no answer: "Link copied". Shown for a few seconds, longer while one reads it. */
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import css from './toast.module.css';
import { IconButton } from './icon-button.tsx';

interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'bad';
}

const toasts = createStore<Toast[]>(() => []);
let lastId = 0;

/** @param tone `bad` for something that did not work. */
export function showToast(text: string, tone: Toast['tone'] = 'good'): void {
  lastId += 1;
  toasts.setState((shown) => [...shown.slice(-2), { id: lastId, text, tone }], true);
}

function dismiss(id: number): void {
  toasts.setState((shown) => shown.filter((toast) => toast.id !== id), true);
}

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div className={css['toasts']} aria-live="polite">
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => dismiss(toast.id), toast.tone === 'bad' ? 8_000 : 4_000);
    return () => clearTimeout(timer);
  }, [held, toast]);
  return (
    <div
      className={css['toast']}
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
    >
      {toast.tone === 'good' ? <CircleCheck size={18} /> : <CircleAlert size={18} />}
      <span>{toast.text}</span>
      <IconButton label="Dismiss" icon={<X size={16} />} onClick={() => dismiss(toast.id)} />
    </div>
  );
}

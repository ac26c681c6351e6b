/**
 * What is loaded when it is first asked for. Where that fails (no network, or a version of the page that is not served
 * any more) it is said, and the page goes on.
 */
import { Component, Suspense, type ReactNode } from 'react';
import { showToast } from './toast.tsx';

interface LateProps {
  children: ReactNode;
  onFail?: () => void;
}

export class Late extends Component<LateProps, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }
  override componentDidCatch(): void {
    showToast('This part of the page could not be loaded. Load the page again.', 'bad');
    this.props.onFail?.();
  }
  override render(): ReactNode {
    return this.state.failed ? null : <Suspense>{this.props.children}</Suspense>;
  }
}

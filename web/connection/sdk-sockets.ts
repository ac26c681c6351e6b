/**
 * Stands between the Web PubSub SDK and its WebSockets, for three things that it has no word for: that a socket was
 * lost (it recovers in silence), that an attempt is over (its `stop` does nothing while it recovers), and which
 * WebSocket to use (in Node it brings its own). The one place that leans on an inside of the SDK; its version is
 * pinned, and a test fails should the inside change.
 */
import type { WebPubSubClient } from '@azure/web-pubsub-client';

interface SdkSocket {
  onopen(listener: () => void): void;
  onclose(listener: (code: number, reason: string) => void): void;
  onerror(listener: (error: unknown) => void): void;
  onmessage(listener: (data: unknown) => void): void;
  close(code?: number, reason?: string): void;
  send(data: string | ArrayBuffer): Promise<void>;
  isOpen(): boolean;
}

export interface SdkSockets {
  attachTo(client: WebPubSubClient): void;
  /** Closes what is open, and lets nothing be opened again. */
  close(): void;
}

interface SdkSocketsOptions {
  open: (url: string, protocol: string) => WebSocket;
  onClose: () => void;
}

export function sdkSockets({ open, onClose }: SdkSocketsOptions): SdkSockets {
  let current: WebSocket | undefined;
  let over = false;

  function create(url: string, protocol: string): SdkSocket {
    if (over) throw new Error('This connection is over');
    const socket = open(url, protocol);
    current = socket;
    return {
      onopen: (listener) => socket.addEventListener('open', () => listener()),
      onclose: (listener) =>
        socket.addEventListener('close', ({ code, reason }) => {
          onClose();
          listener(code, reason);
        }),
      onerror: (listener) => socket.addEventListener('error', (error) => listener(error)),
      onmessage: (listener) =>
        socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => listener(data)),
      close: (code, reason) => socket.close(code, reason),
      send: async (data) => socket.send(data),
      isOpen: () => socket.readyState === WebSocket.OPEN,
    };
  }

  return {
    attachTo(client) {
      if (!('_getWebSocketClientFactory' in client)) throw new Error('The Web PubSub SDK has changed inside');
      Object.assign(client, { _getWebSocketClientFactory: () => ({ create }) });
    },
    close() {
      over = true;
      current?.close();
    },
  };
}

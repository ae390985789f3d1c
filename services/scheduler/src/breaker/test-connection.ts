import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

const TIMEOUT_MS = 3000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/** Whether a connection to the address of an app can be established, with TLS for https; never rejects. */
export function testConnection(address: string): Promise<boolean> {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, '');
  const target = { host, port: port === '' ? (DEFAULT_PORTS[protocol] ?? 80) : Number(port) };
  return new Promise((resolve) => {
    const isSecure = protocol === 'https:';
    const socket = isSecure ? connectTls({ ...target, servername: host }) : connect(target);
    const end = (isEstablished: boolean) => {
      socket.destroy();
      resolve(isEstablished);
    };
    socket.setTimeout(TIMEOUT_MS, () => end(false));
    socket.once(isSecure ? 'secureConnect' : 'connect', () => end(true));
    socket.on('error', () => end(false));
  });
}

import { Inject, type OnApplicationShutdown } from '@nestjs/common';
import {
  Ack,
  ConnectedSocket,
  MessageBody,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import {
  type ClientToServerEvents,
  parseBatchTopic,
  type ServerToClientEvents,
  type SubscribeAnswer,
  subscribeSchema,
} from '#libs/contracts';
import { refusal } from './admit-client.js';
import { LiveBatches } from './live-batches.js';
import { NOTIFIER_CONFIG, type NotifierConfig } from './notifier.config.js';

type LiveServer = Server<ClientToServerEvents, ServerToClientEvents>;
type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents>;

/**
 * Lets browsers subscribe to topics; a topic is a Socket.IO room of the same name.
 *
 * A subscription works in this order: check the credentials again (a session may expire while its socket is open), join
 * the room, answer with the current version, send the missing cells and the summary. Because the room comes first, a
 * commit in between reaches the client, possibly twice. Clients apply changes by version, so repeats are harmless.
 */
@WebSocketGateway()
export class LiveGateway implements OnGatewayInit, OnApplicationShutdown {
  @WebSocketServer()
  readonly server!: LiveServer;

  constructor(
    private readonly batches: LiveBatches,
    @Inject(NOTIFIER_CONFIG) private readonly config: NotifierConfig,
  ) {}

  afterInit(server: LiveServer): void {
    server.use((socket, next) => {
      const reason = this.refusalOf(socket);
      next(reason === null ? undefined : new Error(reason));
    });
  }

  onApplicationShutdown(): void {
    this.server.disconnectSockets(true);
  }

  @SubscribeMessage('subscribe')
  async subscribe(
    @ConnectedSocket() socket: LiveSocket,
    @MessageBody() body: unknown,
    @Ack() answer: ((answer: SubscribeAnswer) => void) | undefined,
  ): Promise<void> {
    const request = subscribeSchema.safeParse(body);
    const reason = request.success ? this.refusalOf(socket) : request.error.issues.map((i) => i.message).join('; ');
    if (!request.success || reason !== null) {
      answer?.({ ok: false, version: 0, gap: false, error: reason ?? '' });
      return;
    }
    await socket.join(request.data.topic);
    this.catchUp(socket, request.data, answer);
  }

  @SubscribeMessage('unsubscribe')
  async unsubscribe(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<void> {
    const request = subscribeSchema.pick({ topic: true }).safeParse(body);
    if (request.success) await socket.leave(request.data.topic);
  }

  private catchUp(
    socket: LiveSocket,
    { topic, since }: { topic: string; since: number },
    answer: ((answer: SubscribeAnswer) => void) | undefined,
  ): void {
    const batch = parseBatchTopic(topic);
    if (batch === null) {
      // The list of batches has no version; a client reads it over REST after each subscription.
      answer?.({ ok: true, version: 0, gap: true });
      return;
    }
    const { version, change } = this.batches.catchUp(batch, since);
    answer?.({ ok: true, version, gap: change === null });
    if (change && change.to > change.from) {
      socket.emit('cells', { topic, from: change.from, to: change.to, buf: change.cells });
    }
    const summary = this.batches.summaryOf(batch);
    if (summary) socket.emit('summary', { topic, summary });
  }

  /** True while a client is subscribed to the topic. */
  isWatched(topic: string): boolean {
    return (this.server.sockets.adapter.rooms.get(topic)?.size ?? 0) > 0;
  }

  /** Batches to which clients are subscribed. */
  watchedBatches(): number[] {
    return [...this.server.sockets.adapter.rooms.keys()].map(parseBatchTopic).filter((batch) => batch !== null);
  }

  private refusalOf(socket: LiveSocket): string | null {
    const { ACCESS_TOKEN: accessToken, ALLOWED_ORIGINS: allowedOrigins } = this.config;
    return refusal(socket.handshake.headers, { accessToken, allowedOrigins }, Date.now());
  }
}

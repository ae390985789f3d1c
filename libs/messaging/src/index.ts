export { NatsLink } from './connection/nats-link.js';
export { untilAnswered } from './connection/until-answered.js';
export type { BatchMessage, ConsumerStart } from './consume/batch-consumer.js';
export { DOUBTFUL_SECONDS } from './consume/repeat-detector.js';
export type { Delivery } from './consume/delivery.js';
export type { LiveMessage } from './consume/live-follower.js';
export { followProgress, type ProgressMessage } from './consume/progress-follower.js';
export { type BatchOrder, BatchOrders, type OrderedStage } from './control/batch-orders.js';
export { Control, type WorkerProcess } from './control/control.js';
export { BucketContent, type BucketObject } from './documents/bucket-content.js';
export { DocumentTransit, type PackedDocument, sha256, type StoredDocument } from './documents/document-transit.js';
export {
  DocumentGone,
  DocumentUnavailable,
  OperatorRefusal,
  ProvisionError,
  PublishRefused,
  SchedulerUnavailable,
} from './errors.js';
export { askOperator } from './operators/ask-operator.js';
export { missingParts } from './provision/missing-parts.js';
export { provision, provisionApp } from './provision/provision.js';
export { StoreLimits } from './provision/store-limits.js';
export type { LeanPublisher, PublishOptions } from './publish/lean-publisher.js';
export { type OncePerLineage, publishOnce, type PublishedOnce } from './publish/publish-once.js';
export type { PublicationRefusal } from './publish/publication-watch.js';
export { milliseconds, nanoseconds, readLast, readNext, type StoredMessage } from './streams/stored-message.js';
export {
  consumerFloors,
  type ConsumerPosition,
  consumerPosition,
  type StreamPosition,
  streamPosition,
  streamSubjects,
} from './streams/stream-info.js';
export { JointTransport } from './transports/joint-transport.js';
export { LiveTransport } from './transports/live-transport.js';
export { Handles } from './transports/nest-transport.js';
export { OperatorTransport } from './transports/operator-transport.js';
export { RecorderPosition } from './transports/recorder-position.js';
export { RecorderTransport } from './transports/recorder-transport.js';
export { type StageMessage, StageTransport } from './transports/stage-transport.js';

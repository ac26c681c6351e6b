/** `DownstreamMessage` of the protobuf subprotocols. Field numbers are those of the reference. */
import type { FrameFields } from '../connection/server-frames.ts';
import type { Source, StreamInfo } from '../delivery.ts';
import { toBytes, type Payload } from '../payload.ts';
import { writeBytes, writeCount, writeFlag, writeMessage, writeText } from './wire-format.ts';

/** A frame that is not a message. */
export function writeServerMessage(frame: FrameFields): Buffer {
  switch (frame.type) {
    case 'ack': {
      const { ackId, success, error } = frame;
      return downstream(
        1,
        writeMessage(writeCount(1, ackId), writeFlag(2, success), writeBytes(3, writeFailure(error))),
      );
    }
    case 'system':
      return downstream(3, frame.event === 'connected' ? writeConnected(frame) : writeDisconnected(frame));
    case 'pong':
      return downstream(4, writeMessage());
    case 'streamAck':
      return downstream(
        6,
        writeMessage(writeText(1, frame.streamId), writeCount(2, frame.expectedSequenceId)),
      );
    case 'streamNack': {
      const { streamId, name, message, expectedSequenceId } = frame;
      return downstream(
        7,
        writeMessage(
          writeText(1, streamId),
          writeText(2, name),
          writeText(3, message),
          writeCount(4, expectedSequenceId),
        ),
      );
    }
    case 'streamClosed':
      return downstream(
        8,
        writeMessage(writeText(1, frame.streamId), writeBytes(2, writeFailure(frame.error))),
      );
    case 'invokeResponse':
      throw new Error('The protobuf subprotocols have no invocations.');
  }
}

/** A message but for its number: `DataMessage`, whose fields may come in any order. */
export function writeData(source: Source, payload: Payload, stream: StreamInfo | undefined): Buffer {
  const { dataType } = payload;
  // JSON has no field of its own: it arrives as its text.
  const field = dataType === 'binary' ? 2 : dataType === 'protobuf' ? 3 : 1;
  return writeMessage(
    writeText(1, source.from),
    writeText(2, source.from === 'group' ? source.group : undefined),
    writeBytes(3, writeMessage(writeBytes(field, toBytes(payload)))),
    writeBytes(6, stream && writeStream(stream)),
  );
}

/** The frame of a message, with the number that a reliable connection gives it. */
export const writeDataMessage = (data: Buffer, sequenceId: number | undefined): Buffer =>
  downstream(2, writeMessage(data, writeCount(4, sequenceId)));

const downstream = (field: number, message: Buffer): Buffer => writeMessage(writeBytes(field, message));

type System = Extract<FrameFields, { type: 'system' }>;

const writeConnected = (frame: Extract<System, { event: 'connected' }>): Buffer =>
  writeMessage(
    writeBytes(
      1,
      writeMessage(
        writeText(1, frame.connectionId),
        writeText(2, frame.userId),
        writeText(3, frame.reconnectionToken),
      ),
    ),
  );

const writeDisconnected = (frame: Extract<System, { event: 'disconnected' }>): Buffer =>
  writeMessage(writeBytes(2, writeMessage(writeText(2, frame.message))));

const writeFailure = (failure: { name: string; message: string } | undefined): Buffer | undefined =>
  failure && writeMessage(writeText(1, failure.name), writeText(2, failure.message));

const writeStream = ({ streamId, streamSequenceId, endOfStream, error }: StreamInfo): Buffer =>
  writeMessage(
    writeText(1, streamId),
    writeCount(2, streamSequenceId),
    writeFlag(3, endOfStream),
    writeBytes(
      4,
      error &&
        writeMessage(
          writeText(1, error.name),
          writeText(2, error.message),
          writeText(3, error.userErrorCode),
        ),
    ),
  );

import { messages, services, type MessagePart } from './msg-file.js';
import { generatedNote, table } from './table.js';

/** docs/messages.md, from the interface files. */
export function messageReference(): string {
  const ofMessages = [...messages()].map(([name, part]) => [`### ${name}`, part.about, fieldTable(part)].join('\n\n'));
  const ofServices = [...services()].map(([name, [request, response]]) =>
    [`### ${name}`, request.about, 'Request', fieldTable(request), 'Response', fieldTable(response)].join('\n\n'),
  );
  return [
    '# Messages and services',
    generatedNote('`msgs/`'),
    'The package [`topspark_msgs`](../msgs). Units are SI; shares are 0..1; unmeasured values are NaN.',
    '## Messages',
    ...ofMessages,
    '## Services',
    'Besides these the node answers `std_srvs/SetBool` and `std_srvs/Trigger`; [node.md](node.md#services) says where.',
    ...ofServices,
    '',
  ].join('\n\n');
}

function fieldTable({ fields }: MessagePart): string {
  const rows = fields.map(({ type, name, value, comment }) => {
    const [, unit = ''] = /\[([^\]]+)\]/.exec(comment) ?? [];
    const shown = value === undefined ? `\`${name}\`` : `\`${name} = ${value}\``;
    return [shown, `\`${type}\``, unit, comment.replace(/ ?\[[^\]]+\]/, '')];
  });
  return table(['field', 'type', 'unit', 'what'], rows);
}

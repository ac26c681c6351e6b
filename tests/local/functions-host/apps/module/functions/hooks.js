// Shows what hooks see and change.
import { app } from '@azure/functions';

const seen = [];

app.hook.appStart((context) => {
  context.hookData.started = true;
  seen.push('appStart');
});
app.hook.appTerminate(() => console.log('The app says good-bye.'));
app.hook.log((context) => {
  context.message = context.message.replace('secret', '******');
});
app.hook.preInvocation((context) => {
  context.hookData.number = 1;
  seen.push('preInvocation');
  if (context.invocationContext.functionName !== 'hooked') return;
  const handler = context.functionHandler;
  context.functionHandler = async (request, invocation) => {
    if (request.query.has('refuse')) throw new Error('Refused by a hook');
    return handler(request, invocation);
  };
});
app.hook.postInvocation((context) => {
  seen.push(`postInvocation ${String(context.hookData.number)}`);
  if (context.error?.message === 'Refused by a hook') {
    context.error = undefined;
    context.result = { status: 403 };
  }
});

app.http('hooked', {
  handler: (_request, context) => {
    context.log('my secret');
    context.debug('a line of detail');
    return { jsonBody: [...seen] };
  },
});

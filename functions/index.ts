/** Registers every trigger of the app. Nothing else. */
import './blocks/http.ts';
import './identity/http.ts';
import './intents/sweep.ts';
import './invitations/http.ts';
import './keys/http.ts';
import './membership/http.ts';
import './messages/http.ts';
import './messages/route.ts';
import './moderation/http.ts';
import './operations/http.ts';
import './people/http.ts';
import './realtime/http.ts';
import './realtime/webhook.ts';
import './reports/http.ts';
import './rooms/erase.ts';
import './rooms/http.ts';

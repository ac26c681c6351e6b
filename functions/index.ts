/** Registers every trigger of the app. Nothing else. */
import './identity/http.ts';
import './messages/http.ts';
import './messages/route.ts';
import './operations/http.ts';

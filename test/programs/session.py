"""A right solution of cookies-set-and-return with nothing but Python's own library."""
import json
import os
import secrets
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split('?')[0]
        if path == '/login':
            page = b'<!doctype html><title>Logged in</title><link rel="icon" href="data:,"><p>You are logged in.</p>'
            self.answer(200, 'text/html', page, [('Set-Cookie', f'session={secrets.token_hex(16)}; Path=/')])
        elif path == '/whoami':
            self.answer(200, 'application/json', json.dumps({'cookie': self.session()}).encode())
        else:
            self.answer(404, 'text/plain', b'Not found\n')

    def session(self):
        for pair in self.headers.get('Cookie', '').split(';'):
            name, equals, value = pair.partition('=')
            if equals and name.strip() == 'session':
                return value.strip()
        return None

    def answer(self, status, kind, body, fields=()):
        self.send_response(status)
        self.send_header('Content-Type', kind)
        self.send_header('Content-Length', str(len(body)))
        for name, value in fields:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(('127.0.0.1', int(os.environ['PORT'])), Handler).serve_forever()

"""The files of a folder: python3 static_files.py --directory book"""

from functools import partial
from http.server import SimpleHTTPRequestHandler

import serving

flags = serving.flags(directory=".")
files = partial(SimpleHTTPRequestHandler, directory=flags.directory)
serving.serve(files, flags)

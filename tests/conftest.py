import sys
from pathlib import Path

# Modules that several tests share stand beside them; tests are no package.
sys.path.insert(0, str(Path(__file__).parent))

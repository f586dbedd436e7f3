"""`python -m guiju`; and the file spark-submit is given."""

from guiju.app import main

if __name__ == "__main__":
    main()

"""What becomes of errors while requests are served: who catches them, who answers, and what the answer gives away."""

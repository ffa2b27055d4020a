"""Who turns what is wanted into what is? One controller a module; they meet only in the API server's store."""

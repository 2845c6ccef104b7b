import Commands

Ingot.main()

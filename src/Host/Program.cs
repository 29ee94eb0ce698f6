using Kilde.Host.Commands;

return await CommandLine.RunAsync(args);

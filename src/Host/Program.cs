using Kilde.Host.Commands;

return await CommandLine.Create().Parse(args).InvokeAsync();

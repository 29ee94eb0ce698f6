using Kilde.Audit;

namespace Kilde.Host.Commands;

/// <summary>Who runs a command: the account on this machine, as the audit log names it.</summary>
internal static class CommandActor
{
    public static Actor Current { get; } = Actor.User($"{Environment.UserName}@{Environment.MachineName}");
}

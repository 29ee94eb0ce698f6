using Kilde.Intake.Senders;
using Kilde.Kernel;
using Kilde.Platform.SignIn;
using Kilde.Quality.Declaration;

namespace Kilde.Portal.Declaration;

/// <summary>What a user may have declared.</summary>
/// <param name="Sender">Whose own is shown beside everybody's; null for staff, who see all of it.</param>
/// <param name="Areas">Staff see every area, a sender those it is set up to send to.</param>
internal sealed record DeclarationScope(SenderConfiguration? Sender, IReadOnlyList<DeclaredArea> Areas);

/// <summary>Declarations for whoever is signed in: the page and the file show the same.</summary>
internal sealed class ReadDeclaration(DeclareQuality declare, KeptDeclarations kept, SenderDirectory senders)
{
    public async Task<DeclarationScope> ScopeAsync(SignedInUser user, CancellationToken cancellation)
    {
        if (user.IsStaff) return new DeclarationScope(null, declare.Areas);
        if (user.Unit is not { } unit || await senders.FindAsync(unit, cancellation) is not { } sender)
            return new DeclarationScope(null, []);
        var sent = sender.Obligations.Select(obligation => obligation.MessageType).ToHashSet(StringComparer.Ordinal);
        return new DeclarationScope(sender, [.. declare.Areas.Where(area => area.Types.Any(sent.Contains))]);
    }

    /// <summary>Everybody's as it was an hour ago at most, beside the sender's own as it is now.</summary>
    public async Task<SharedDeclaration?> ShareAsync(
        DeclaredArea area, DataYear year, SenderConfiguration sender, CancellationToken cancellation)
    {
        var all = await kept.ReadAsync(area.Register, area.Area, year, cancellation);
        var own = await declare.DeclareAsync(
            area.Register, area.Area, year, [$"{sender.Unit}", .. sender.Institutions], cancellation);
        return all is null || own is null ? null : ShowDeclaration.Of(all, own);
    }
}

"""What candidates write beside a competence, and the subjects of their works: ordinary words, which decide nothing."""

from __future__ import annotations

EXPERIENCES = {
    "1.1": "Diagnostic du réseau de distribution, présenté à la direction",
    "1.2": "Campagne de rentrée : affichage, courriel, deux salons",
    "1.3": "Vente privée de mars, budget de 4 200 €, bilan chiffré",
    "1.4": "Nouveau livret d'accueil et programme de fidélité",
    "1.5": "Convention avec l'office de tourisme",
    "2.1": "Veille hebdomadaire de six concurrents",
    "2.2": "Note sur le paiement fractionné en magasin",
    "2.3": "Enquête auprès de 180 clients, quatre profils retenus",
    "2.4": "Journée portes ouvertes, plan de repli en cas de pluie",
    "2.5": "Planning de l'équipe projet sous tableur",
    "2.6": "Segmentation de la base clients par récence et montant",
    "2.7": "Refonte des fiches produits du site",
    "2.8": "Relances suivies dans le CRM, 35 rendez-vous obtenus",
    "2.9": "Registre RGPD mis à jour, tri des déchets du dépôt",
    "2.10": "Réponses aux avis en ligne, charte de marque",
    "3.1": "Plan d'actions 2025 et son budget",
    "3.2": "Modèle de devis et conditions générales de vente",
    "3.3": "Fiche de synthèse sur le droit de rétractation",
    "3.4": "Tableau des ruptures et des délais fournisseurs",
    "3.5": "Questionnaire de satisfaction, tableau de bord mensuel",
    "3.6": "Encadrement de deux stagiaires, points du lundi",
    "3.7": "Offre adaptée à la clientèle frontalière",
    "4.1": "Projet d'ouverture d'un second point de vente",
    "4.2": "Suivi des commandes et du coût de revient",
    "4.3": "Budget prévisionnel, écarts expliqués chaque trimestre",
    "4.4": "Négociation annuelle avec deux fournisseurs",
    "4.5": "Accueil de clients anglophones, TOEIC blanc à 745",
}

SUBJECTS = {
    "RA1": "Semaine des fournisseurs",
    "RA2": "Plan promotionnel de Noël",
    "RA3": "Portes ouvertes d'octobre",
    "RA4": "Taux de service et ruptures",
    "RA5": "Partnership with the tourist office",
    "DP1": "Lancement de la livraison à vélo",
    "DP2": "Panier moyen par segment",
    "DP3": "Plan d'actions du premier semestre",
    "DP4": "Boutique en ligne : saison d'hiver",
    "DP5": "Mise en place des relances automatiques",
    "DP6": "Consentement et emballages",
}

CONTRIBUTIONS = ("Mené seul", "En binôme", "Conception et suivi", "Étude et recommandations")
